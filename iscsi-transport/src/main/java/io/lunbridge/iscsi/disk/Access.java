package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusMember;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionListener;
import io.lunbridge.iscsi.session.SessionState;
import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.SenseData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way from a disk to its unit: every command of every request is submitted here, the first time and each further
 * time. While there is no session that is known to lead to the same unit, or the unit has enough to do ({@link
 * Throttle}), commands are held.
 *
 * <pre>
 *            loss               replacement timer
 *    OPEN ─────────► BLOCKED ─────────────────────► FAILED        from each of them: CLOSED
 *      ▲                │                              │
 *      └──── resumed ───┴──────────────────────────────┘
 * </pre>
 *
 * <p>All commands that come this way set something and none toggles it, so they may be executed twice.
 */
final class Access implements NexusMember {

    enum State {
        /** Commands go to the session, behind those that were held. */
        OPEN,
        /** Commands are held. */
        BLOCKED,
        /** Commands fail at once. */
        FAILED,
        /** The disk is closed or its nexus is gone: commands fail at once, for good. */
        CLOSED
    }

    /** Most commands that are held, besides those that were out already; one more fails at once. */
    static final int MAX_HELD_TASKS = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    private static final int DRAIN_MILLIS = 10;
    private static final int MIN_POISON_SECONDS = 120;

    /** How long a refusal may take to pass where nobody above has another way: longer than a controller's failover. */
    private static final long HELD_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final ScsiDisk disk;
    private final Nexus nexus;
    private final Throttle throttle;
    private final ArrayDeque<DiskTask> held = new ArrayDeque<>();
    private final Standing standing = new Standing();
    private final LateChanges lateChanges = new LateChanges();
    private State state = State.OPEN;
    private @Nullable Session listened;
    private @Nullable Session lossNoted;
    private boolean errorHandling;
    private BlockException refusal = new BlockException(BlockError.IO, "never seen");

    Access(ScsiDisk disk, Nexus nexus) {
        this.disk = disk;
        this.nexus = nexus;
        throttle = new Throttle(
                nexus.eventLoop(), nexus.session().config().limits().commandsOfUnit(), this::drain);
        listen(nexus.session());
    }

    private void listen(Session session) {
        listened = session;
        session.addListener(new SessionListener() {
            @Override
            public void sessionEnded(IscsiException cause) {
                noteLoss();
            }

            @Override
            public void errorHandling(boolean active) {
                if (active || session.state() == SessionState.LOGGED_IN) {
                    errorHandling = active;
                }
            }

            @Override
            public void scsiEvent(long lunBytes, SenseData sense) {
                boolean ofAllUnits = sense.additional() == AdditionalSense.REPORTED_LUNS_CHANGED;
                if (state == State.OPEN && (ofAllUnits || lunBytes == disk.lun().eightBytes())) {
                    disk.attentions().event(sense);
                }
            }
        });
    }

    /** Longest time that a request is refused before it fails. */
    long patienceNanos() {
        boolean holds = nexus.recovers() && nexus.policy().holdsInFlight();
        return holds ? HELD_PATIENCE_NANOS : RetryingTask.MAX_RETRY_NANOS;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether commands are held or fail, but perhaps not for good. */
    boolean isDown() {
        return state == State.BLOCKED || state == State.FAILED;
    }

    Standing standing() {
        return standing;
    }

    LateChanges lateChanges() {
        return lateChanges;
    }

    DiskStatus status() {
        DiskStatus.State told = standing.state(state, nexus.session().isHandlingErrors());
        String detail = standing.detail(told, String.valueOf(refusal.getMessage()));
        return new DiskStatus(told, throttle.depth().inFlight(), held.size(), nexus.secondsLeft(this), detail);
    }

    /**
     * Somebody does not want to wait any longer. What is on the wire may still be executed, so the session is given up
     * first, whose successor puts an end to that: until then nothing new may overtake it.
     */
    void failNow() {
        String why = "failed at once, on request";
        if (state == State.OPEN && throttle.depth().inFlight() == 0) {
            failHeld(new BlockException(BlockError.IO, why));
            return;
        }
        if (state == State.OPEN) {
            nexus.session().drop("commands on it are not to be waited for any longer");
        }
        nexus.failNow(this, why);
    }

    Throttle throttle() {
        return throttle;
    }

    int held() {
        return held.size();
    }

    /** Sends the command now, or holds it, or fails it. */
    void submit(DiskTask task) {
        if (state == State.OPEN && held.isEmpty() && throttle.hasRoom()) {
            send(task);
        } else if (state == State.OPEN || state == State.BLOCKED) {
            hold(task);
        } else {
            task.fail(refusal);
        }
    }

    private void send(DiskTask task) {
        throttle.sent();
        nexus.session().submit(task);
    }

    /** A command is back from the session, with whatever outcome. The caller tells that, then calls {@link #drain}. */
    void returned() {
        throttle.returned();
    }

    /** A command that is back is to go out once more, before all that have not gone out yet. */
    void repeat(DiskTask task) {
        if (state == State.OPEN || state == State.BLOCKED) {
            held.addFirst(task);
            drain();
        } else {
            task.fail(refusal);
        }
    }

    /** One command has waited too long: so have others, and they need not try each for itself. */
    void giveUp(int status, SenseData sense) {
        long nowNanos = nexus.eventLoop().ticker().nanoTime();
        List<DiskTask> overdue =
                held.stream().filter(task -> task.isOverdue(nowNanos)).toList();
        held.removeAll(Set.copyOf(overdue));
        overdue.forEach(task -> task.giveUp(status, sense));
    }

    /** Another unit may answer from now on: nothing is sent before it has said who it is. */
    void doubtIdentity(String why) {
        if (state == State.OPEN) {
            LOG.warn("{}: checking that it is the unit it was: {}", disk, why);
            standing.troubled(why);
            state = State.BLOCKED;
            lateChanges.doubted();
            nexus.recheck(this);
        }
    }

    /** The target tells that it has other units than before. */
    void tellUnitsChanged() {
        nexus.unitsChanged();
    }

    /** A command whose outcome will never be known, for its session is over. */
    void lost(DiskTask task, IscsiException cause) {
        boolean overloaded =
                cause instanceof SessionException session && session.kind() == SessionException.Kind.OVERLOADED;
        if (overloaded || !task.isWanted()) {
            task.fail(cause);
            return;
        }
        if (!nexus.recovers()) {
            lateChanges.note(task);
            task.fail(cause);
            return;
        }
        block();
        if (state != State.BLOCKED) {
            lateChanges.note(task);
            lateChanges.wontBeRuledOutSoon();
            task.fail(refusal);
        } else if (!task.mayHaveRun()) {
            hold(task);
        } else {
            lostOnWire(task, cause);
        }
    }

    /**
     * While the session's error handler was at work the command waits in any case, as it does in the kernel, where the
     * error handler owns the commands until the replacement timer.
     */
    private void lostOnWire(DiskTask task, IscsiException cause) {
        task.countLoss();
        if (!nexus.policy().holdsInFlight() && !errorHandling) {
            lateChanges.note(task);
            task.fail(cause);
        } else if (task.isPoison(poisonNanos())) {
            lateChanges.note(task);
            task.fail(new BlockException(
                    BlockError.IO, "given up: " + DiskTask.MAX_LOSSES + " sessions have ended with it on the wire"));
        } else {
            hold(task);
        }
    }

    private long poisonNanos() {
        return TimeUnit.SECONDS.toNanos(Math.max(nexus.policy().replacementSeconds(), MIN_POISON_SECONDS));
    }

    private void hold(DiskTask task) {
        if (held.size() < MAX_HELD_TASKS) {
            held.addLast(task);
        } else {
            task.fail(new BlockException(BlockError.NO_MEMORY, "too many commands wait for the target to return"));
        }
    }

    private void block() {
        if (state == State.OPEN) {
            state = State.BLOCKED;
        }
    }

    /** What the unit had in its cache may be gone with the session. Counts once a session, whoever tells of it first. */
    private void noteLoss() {
        if (lossNoted != listened) {
            lossNoted = listened;
            boolean volatileCache =
                    disk.info().mode().writeCache() && !nexus.policy().trustsTargetCache();
            disk.unflushed().sessionLost(volatileCache);
        }
    }

    /** Sends what is held, as fast as the session and the unit take it. */
    void drain() {
        while (state == State.OPEN && throttle.hasRoom() && nexus.session().room() > 0) {
            DiskTask task = held.pollFirst();
            if (task == null) {
                return;
            }
            if (task.isWanted()) {
                send(task);
            } else {
                task.fail(refusal);
            }
        }
        if (state == State.OPEN && throttle.hasRoom() && !held.isEmpty()) {
            var unused = nexus.eventLoop().schedule(this::drain, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Where answered writes may be lost, every flush that has waited through the loss says so, each to its own caller; if
     * none has, the next one will. Flushes of durable writes are no callers' and find out for themselves.
     */
    private void failFlushes() {
        if (disk.unflushed().mayBeLost()) {
            List<DiskTask> flushes = held.stream().filter(DiskTask::tellsLosses).toList();
            held.removeAll(flushes);
            flushes.forEach(task -> task.fail(disk.unflushed().loss()));
        }
    }

    private void failHeld(BlockException cause) {
        List<DiskTask> failing = new ArrayList<>(held);
        held.clear();
        failing.forEach(task -> task.fail(cause));
    }

    /** The session is lost, and with it the outcome of what had been sent. */
    private void failLost(BlockException cause) {
        held.forEach(lateChanges::note);
        lateChanges.wontBeRuledOutSoon();
        failHeld(cause);
    }

    /** The disk is closed: what is held will not be sent any more. Its outcomes have been told already. */
    void close(BlockException cause) {
        state = State.CLOSED;
        refusal = cause;
        nexus.remove(this);
        failHeld(cause);
    }

    @Override
    public void sessionLost(IscsiException cause) {
        noteLoss();
        disk.contentDoubtful();
        standing.troubled(String.valueOf(cause.getMessage()));
        block();
    }

    @Override
    public void revalidate(Session session, Verdict verdict) {
        new Revalidation(disk, session, verdict, session != listened).start();
    }

    @Override
    public void resumed(Session session) {
        if (state != State.CLOSED) {
            disk.contentDoubtful(); // before anything is read: somebody may have written meanwhile
            state = State.OPEN;
            lateChanges.ruledOut();
            standing.good();
            if (session != listened) {
                // Not after a mere check: news without end would begin anew with each.
                errorHandling = false;
                throttle.restart();
                held.forEach(DiskTask::restartClock);
                disk.recheck().start();
                listen(session);
            }
            failFlushes();
            drain();
        }
    }

    @Override
    public void failFast(String why) {
        if (state != State.CLOSED) {
            state = State.FAILED;
            refusal = new BlockException(BlockError.IO, why);
            failLost(refusal);
        }
    }

    @Override
    public void gone(String why) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            refusal = new BlockException(BlockError.IO, why);
            failLost(refusal);
            disk.gone(refusal);
        }
    }
}
