package io.lunbridge.iscsi.session;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that nothing waits for ever on a dead target: ticks once a second.
 *
 * <p>Any inbound bytes are a life sign, so a busy connection is never pinged. A silent one is, and is dropped when the
 * ping too goes unanswered. A living target that lets a command rest has to do with {@link ErrorHandler}, one that lets
 * a text rest or keeps its window closed loses the connection.
 */
final class Watchdog implements Runnable {

    private static final int TICK_MILLIS = 1000;

    private final Session session;
    private final Connection connection;
    private final CommandTimer commandTimer;
    private final ClosedWindowTimer closedWindow;

    private @Nullable ScheduledFuture<?> timer;
    private int lastInboundReads;
    private long lastPendingBytes;
    private int silentTicks;

    Watchdog(Session session, Connection connection, CommandTimer commandTimer) {
        this.session = session;
        this.connection = connection;
        this.commandTimer = commandTimer;
        closedWindow = new ClosedWindowTimer(session.config().timeouts());
    }

    /** With a delay between ticks, so that a process which was stopped for a while does not count that while at once. */
    void start() {
        timer = session.eventLoop().scheduleWithFixedDelay(this, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void run() {
        Timeouts timeouts = session.config().timeouts();
        if (showsLife()) {
            silentTicks = 0;
        } else {
            silentTicks++;
        }
        int interval = timeouts.pingIntervalSeconds();
        int timeout = timeouts.pingTimeoutSeconds() > 0
                ? timeouts.pingTimeoutSeconds()
                : Timeouts.DEFAULT.pingTimeoutSeconds();
        if (interval > 0 && silentTicks >= interval + timeout) {
            session.counters().silent();
            session.drop(ConnectionException.Reason.SILENCE, "the target has not answered for " + silentTicks + " s");
            return;
        }
        if (interval > 0 && silentTicks == interval) {
            session.control().sendPing();
        }
        checkCommands(timeouts.commandSeconds());
    }

    private void checkCommands(int limitSeconds) {
        commandTimer.tick();
        if (session.control().isTextOverdue(commandTimer.now() - limitSeconds)) {
            session.drop("the target has not answered a text for " + limitSeconds + " s");
            return;
        }
        switch (closedWindow.tick(session.isWaitingForWindow(), session.isIdle())) {
            case GIVE_UP -> session.drop("the target has kept its command window closed for " + limitSeconds + " s");
            case PING -> session.control().sendPing();
            case NONE -> {}
        }
        if (session.isHandlingErrors() || !session.asyncMessages().isLogoutWanted()) {
            session.errorHandler().tick();
        }
        session.turnDone();
    }

    /** Whether the target has sent anything, or taken any of what waits to be sent, since the last tick. */
    private boolean showsLife() {
        boolean life = connection.inboundReads() != lastInboundReads || connection.pendingBytes() < lastPendingBytes;
        lastInboundReads = connection.inboundReads();
        lastPendingBytes = connection.pendingBytes();
        return life;
    }
}
