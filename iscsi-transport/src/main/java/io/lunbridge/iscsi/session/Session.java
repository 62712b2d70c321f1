package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.session.SessionException.Kind;
import io.lunbridge.scsi.SenseData;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session with a target in full feature phase: takes SCSI tasks, sends them as the command window allows, and tells
 * each its outcome exactly once. Confined to its event loop.
 *
 * <p>A task is in one of three places: with its caller, parked (the window is closed or all slots are taken), or in the
 * task table, that is, on the wire. When the connection is lost or the session closed, both places are emptied.
 */
public final class Session {

    /** Most tasks that wait for the window; one more fails at once. */
    static final int MAX_PARKED_TASKS = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final SessionConfig config;
    private final EventLoop eventLoop;
    private final Connection connection;
    private final FullFeature fullFeature;

    private final TaskTable tasks;
    private final ParkedTasks parked = new ParkedTasks(MAX_PARKED_TASKS);
    private final CommandWindow window;
    private final CommandSender sender;
    private final ControlExchanges control;
    private final ErrorHandler errorHandler;
    private final AsyncMessages asyncMessages;
    private final Rejects rejects;
    private final Watchdog watchdog;
    private final SessionCounters counters;
    private final List<SessionListener> listeners = new ArrayList<>();

    private SessionState state = SessionState.FREE;
    private int scsiTasksInFlight;

    /** Why there is no session, or soon will be none; null as long as there is one. */
    private @Nullable IscsiException over;

    Session(SessionConfig config, Connection connection, FullFeature fullFeature) {
        this.config = config;
        eventLoop = connection.channel().eventLoop();
        this.connection = connection;
        this.fullFeature = fullFeature;
        tasks = new TaskTable(config.limits().commands() + ControlExchanges.SLOTS + 1);
        window = new CommandWindow(fullFeature.sequence().cmdSn());
        sender = new CommandSender(connection, fullFeature);
        window.update(fullFeature.sequence().cmdSn(), fullFeature.sequence().maxCmdSn());
        control = new ControlExchanges(connection, tasks, window);
        CommandTimer timer = new CommandTimer(connection, tasks);
        errorHandler = new ErrorHandler(this, new TaskManagement(connection, tasks, window), timer);
        asyncMessages = new AsyncMessages(this, connection);
        rejects = new Rejects(this);
        watchdog = new Watchdog(this, connection, timer);
        counters = new SessionCounters(eventLoop.ticker());
        listeners.add(counters);
    }

    /** Enters the full feature phase. */
    void start() {
        transition(SessionState.LOGGED_IN);
        connection.fullFeature(this, new Owner());
        watchdog.start();
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    public SessionConfig config() {
        return config;
    }

    /** What login has agreed. */
    public FullFeature fullFeature() {
        return fullFeature;
    }

    public SessionState state() {
        return state;
    }

    /** Whether commands are being aborted, and new ones held back. */
    public boolean isHandlingErrors() {
        return errorHandler.isActive();
    }

    /** What was counted since login. Called on the loop. */
    public SessionStatistics statistics() {
        return SessionStatistics.of(connection.sentCounts(), connection.receivedCounts(), counters);
    }

    SessionCounters counters() {
        return counters;
    }

    /** Adds a listener. Called on the loop. */
    public void addListener(SessionListener listener) {
        listeners.add(listener);
    }

    /** Sends the task now, or as soon as the window and the queue depth allow; fails it where there is no session. */
    public void submit(ScsiTask task) {
        assert eventLoop.inEventLoop() : "not on the session's event loop";
        task.wasSent(false);
        if (over != null) {
            task.abandon(over);
        } else if (parked.isEmpty() && maySend()) {
            send(task);
        } else {
            if (!window.isOpen()) {
                counters.windowClosed();
            }
            progress(task);
            if (!parked.offer(task)) {
                task.abandon(new SessionException(Kind.OVERLOADED, "too many commands wait for the target"));
            }
        }
    }

    /** How many more tasks may be submitted now without one of them failing for lack of room. */
    public int room() {
        return MAX_PARKED_TASKS - parked.size();
    }

    private boolean maySend() {
        return window.isOpen() && scsiTasksInFlight < config.limits().commands() && !isHeldBack();
    }

    private boolean isHeldBack() {
        return errorHandler.isActive() || asyncMessages.isLogoutWanted() || control.isLoggingOut();
    }

    private void send(ScsiTask task) {
        tasks.add(task);
        scsiTasksInFlight++;
        task.wasSent(true);
        int cmdSn = window.take();
        task.sentAs(cmdSn);
        sender.send(task, cmdSn);
        task.queuedUpTo(connection.writer().writtenBytes());
    }

    private void sendParked() {
        if (window.isOpen()) {
            counters.windowOpen();
        }
        while (maySend()) {
            ScsiTask task = parked.poll();
            if (task == null) {
                return;
            }
            send(task);
        }
        if (!parked.isEmpty() && !window.isOpen()) {
            counters.windowClosed();
        }
    }

    /**
     * Asks for the keys that {@code text} names and gathers the whole answer; one exchange at a time.
     *
     * @param text key=value pairs, each ended by a NUL; the session's to release
     */
    public void text(ByteBuf text, TextCompletion done) {
        if (over != null || control.isLoggingOut()) {
            text.release();
            done.failed(over != null ? over : new ConnectionException("the session is being logged out"));
            return;
        }
        control.sendText(text, done);
    }

    /**
     * Logs out and closes, within {@link Timeouts#logoutMillis()} also where the target is dead. What is in
     * flight then fails. {@code done} runs on the loop when the connection is closed.
     */
    public void close(Runnable done) {
        assert eventLoop.inEventLoop() : "not on the session's event loop";
        if (state != SessionState.LOGGED_IN) {
            done.run();
            return;
        }
        listeners.add(cause -> done.run());
        SessionException closed = new SessionException(Kind.CLOSED, "the session has been closed");
        over = closed;
        control.endOfLogout(closed);
        logOut(closed);
        failParked(closed);
    }

    /** Logs out, unless that is under way; the session then ends with {@code cause}. */
    void logOut(IscsiException cause) {
        errorHandler.stop();
        if (!control.isLoggingOut()) {
            control.sendLogout(config.timeouts().logoutMillis(), cause);
        }
    }

    // What the dispatcher brings.

    CommandWindow window() {
        return window;
    }

    ControlExchanges control() {
        return control;
    }

    ErrorHandler errorHandler() {
        return errorHandler;
    }

    AsyncMessages asyncMessages() {
        return asyncMessages;
    }

    Rejects rejects() {
        return rejects;
    }

    /** The SCSI task of that tag; null if it is over. */
    @Nullable
    ScsiTask scsiTask(int tag) throws PduException {
        Task task = tasks.find(tag);
        if (task != null && !(task instanceof ScsiTask)) {
            throw new PduException(PduException.Cause.PROTOCOL, "a SCSI answer to what is no SCSI command");
        }
        return (ScsiTask) task;
    }

    void progress(ScsiTask task) {
        task.progress(tasks.tick());
    }

    void answer(ScsiTask task, ReadyToTransfer header) throws PduException {
        progress(task);
        if (!errorHandler.leavesUnanswered(task)) {
            sender.answer(task, header);
            task.queuedUpTo(connection.writer().writtenBytes());
        }
    }

    void conclude(ScsiTask task, int status, SenseData sense, int residualBytes) {
        leaveTable(task);
        task.conclude(status, sense, residualBytes, connection.channel().alloc());
    }

    void abandon(ScsiTask task, TaskException cause) {
        leaveTable(task);
        task.abandon(cause);
    }

    private void leaveTable(Task task) {
        tasks.remove(task);
        if (task instanceof ScsiTask) {
            scsiTasksInFlight--;
        }
    }

    // What follows from it, and from the time.

    /** The task of that tag; null if it is over. */
    @Nullable
    Task task(int tag) throws PduException {
        return tasks.find(tag);
    }

    /** Visits the commands on the wire; the visitor may end the one it is given. */
    void forEachTask(Consumer<ScsiTask> visitor) {
        tasks.forEach(task -> {
            if (task instanceof ScsiTask command) {
                visitor.accept(command);
            }
        });
    }

    /** Whether the target has no command. */
    boolean isIdle() {
        return scsiTasksInFlight == 0;
    }

    /** Whether commands wait for a closed window, and for nothing else. */
    boolean isWaitingForWindow() {
        return !parked.isEmpty() && !window.isOpen() && !isHeldBack();
    }

    void maxSendBytes(int maxSegmentBytes) {
        sender.maxSegmentBytes(maxSegmentBytes);
    }

    /**
     * Gives the session up as if it were lost: closes the connection hard, so that nothing that is still to be sent goes
     * out, then fails every task. Called on the loop.
     */
    public void drop(String why) {
        drop(ConnectionException.Reason.FAULT, why);
    }

    void drop(ConnectionException.Reason reason, String why) {
        connection.drop(new ConnectionException(reason, why));
    }

    void tellScsiEvent(long lunBytes, SenseData sense) {
        List.copyOf(listeners).forEach(listener -> listener.scsiEvent(lunBytes, sense));
    }

    void tellErrorHandling(boolean active) {
        List.copyOf(listeners).forEach(listener -> listener.errorHandling(active));
    }

    /** Commands may have ended, the window may have opened. */
    void turnDone() {
        asyncMessages.commandsMayBeDone();
        sendParked();
    }

    // The end.

    private void end(IscsiException cause) {
        LOG.info("{}: over: {}", this, cause.getMessage());
        over = cause;
        watchdog.stop();
        asyncMessages.cancel();
        if (cause instanceof SessionException) {
            transition(SessionState.FREE);
        } else {
            transition(SessionState.FAILED);
            transition(SessionState.FREE);
        }
        errorHandler.stop();
        tasks.forEach(task -> {
            leaveTable(task);
            task.abandon(cause);
        });
        failParked(cause);
        for (SessionListener listener : List.copyOf(listeners)) {
            listener.sessionEnded(cause);
        }
    }

    private void failParked(IscsiException cause) {
        for (ScsiTask task = parked.poll(); task != null; task = parked.poll()) {
            task.abandon(cause);
        }
    }

    private void transition(SessionState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("session cannot go from " + state + " to " + next);
        }
        state = next;
    }

    /** The connection's view of its session. */
    private final class Owner implements ConnectionOwner {

        @Override
        public void connected() {
            throw new IllegalStateException("connected twice");
        }

        @Override
        public void loginResponse(LoginResponse header, ByteBuf data) throws PduException {
            throw new PduException(PduException.Cause.PROTOCOL, "a Login Response outside the login phase");
        }

        @Override
        public void readDone() {
            turnDone();
        }

        @Override
        public void lost(IscsiException cause) {
            end(cause);
        }
    }

    @Override
    public String toString() {
        return config.toString();
    }
}
