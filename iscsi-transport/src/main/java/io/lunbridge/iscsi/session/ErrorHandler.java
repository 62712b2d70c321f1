package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.iscsi.session.TaskException.Kind;
import io.lunbridge.iscsi.session.Timeouts.Ladder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends commands that a living target leaves without an answer: each overdue one is aborted; where that fails its unit is
 * reset, then the target, then the connection is dropped. A step fails by a refusal or by its time.
 *
 * <p>What was ended fails with {@link Kind#ABORTED}, and may be submitted again. A command that becomes overdue again
 * after it was aborted begins with the reset. Meanwhile the session sends no new commands.
 *
 * <p>With FastAbort, R2Ts of the tasks that the present step affects are not answered (the initiator's choice in Linux, and
 * what most targets expect); without it they are, as RFC 7143 section 4.2.3.3 has it. All that was queued for such a task
 * precedes the request in the byte stream, so nothing of it can reach the target after a success.
 */
final class ErrorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorHandler.class);

    private final Session session;
    private final TaskManagement management;
    private final CommandTimer timer;
    private final Ladder limits;

    private ErrorHandlerState state = ErrorHandlerState.IDLE;
    private boolean announced;
    private int secondsLeft;

    /** The command that is overdue; it may be over, and submitted again, before the target has answered. */
    private @Nullable ScsiTask subject;

    private int subjectTag;
    private long lunBytes;

    ErrorHandler(Session session, TaskManagement management, CommandTimer timer) {
        this.session = session;
        this.management = management;
        this.timer = timer;
        limits = session.config().timeouts().ladder();
    }

    boolean isActive() {
        return state.isActive();
    }

    /** Whether the task's R2Ts are not to be answered now. */
    boolean leavesUnanswered(ScsiTask task) {
        return limits.fastAbort()
                && switch (state) {
                    case IDLE, STOPPED -> false;
                    case ABORTING -> task.equals(subject) && task.initiatorTaskTag() == subjectTag;
                    case RESETTING_UNIT -> task.lunBytes() == lunBytes;
                    case RESETTING_TARGET -> true;
                };
    }

    /** One more second has passed. */
    void tick() {
        if (state == ErrorHandlerState.IDLE) {
            next();
        } else if (state.isActive() && --secondsLeft <= 0) {
            LOG.warn("{}: the target does not answer {}", session, management.function());
            management.withdraw();
            climb();
        } else if (state.isActive() && !management.isOut()) {
            management.sendAgain();
        }
        announce();
    }

    /** A command was rejected and its CmdSN is missing at the target until the task is aborted. */
    void fillGap() {
        if (state == ErrorHandlerState.IDLE) {
            next();
            announce();
        }
    }

    /** A Task Management Response; one to a request that has been withdrawn is passed over. */
    void answered(TaskManagementResponse header) throws PduException {
        Task request = session.task(header.initiatorTaskTag());
        if (request == management) {
            answered(header.response());
        } else if (request != null) {
            throw new PduException(PduException.Cause.PROTOCOL, "a Task Management Response to another request");
        }
    }

    private void answered(int response) {
        LOG.info("{}: {} is answered: {}", session, management.function(), response);
        management.withdraw();
        if (isDone(response)) {
            endAffected();
            next();
        } else {
            climb();
        }
        announce();
    }

    /** The target rejects the request that is out. One that came at the wrong time is sent again, a second later. */
    boolean rejected(RejectReason reason) {
        management.withdraw();
        if (reason != RejectReason.IMMEDIATE_COMMAND_REJECT) {
            climb();
            announce();
        }
        return true;
    }

    /** The session ends, or is being logged out: nothing is to be aborted any more. */
    void stop() {
        if (state != ErrorHandlerState.STOPPED) {
            management.withdraw();
            transition(ErrorHandlerState.STOPPED);
            announce();
        }
    }

    /** A task that does not exist may have been answered meanwhile; if not, nobody knows what became of it. */
    private boolean isDone(int response) {
        if (state == ErrorHandlerState.ABORTING && response == TaskManagementResponse.TASK_DOES_NOT_EXIST) {
            ScsiTask overdue = subjectInFlight();
            return overdue == null || overdue.rejection() != null;
        }
        return response == TaskManagementResponse.FUNCTION_COMPLETE;
    }

    private void endAffected() {
        switch (state) {
            case ABORTING -> endSubject();
            case RESETTING_UNIT -> endAll(task -> task.lunBytes() == lunBytes, "the logical unit has been reset");
            case RESETTING_TARGET -> endAll(task -> true, "the target has been reset");
            case IDLE, STOPPED -> {}
        }
    }

    private void endSubject() {
        ScsiTask overdue = subjectInFlight();
        if (overdue != null) {
            TaskException rejection = overdue.rejection();
            overdue.countAbortion();
            session.abandon(
                    overdue,
                    rejection != null
                            ? rejection
                            : new TaskException(Kind.ABORTED, "the command took too long and was aborted"));
        }
    }

    private void endAll(Predicate<ScsiTask> affected, String why) {
        TaskException cause = new TaskException(Kind.ABORTED, why);
        session.forEachTask(task -> {
            if (affected.test(task)) {
                session.abandon(task, cause);
            }
        });
    }

    private @Nullable ScsiTask subjectInFlight() {
        ScsiTask overdue = subject;
        return overdue != null && overdue.initiatorTaskTag() == subjectTag ? overdue : null;
    }

    /** Turns to the next overdue command, or ends. */
    private void next() {
        if (state == ErrorHandlerState.STOPPED) {
            return;
        }
        ScsiTask overdue = timer.overdue(limits.commandSeconds());
        subject = overdue;
        if (overdue == null) {
            if (state.isActive()) {
                transition(ErrorHandlerState.IDLE);
            }
            return;
        }
        subjectTag = overdue.initiatorTaskTag();
        lunBytes = overdue.lunBytes();
        if (overdue.abortions() == 0) {
            abort(overdue);
        } else {
            resetUnit();
        }
    }

    /** The commands that are aborted one after the other share the time. */
    private void abort(ScsiTask overdue) {
        LOG.warn("{}: a command is without progress for {} s, aborting it", session, limits.commandSeconds());
        secondsLeft = state == ErrorHandlerState.ABORTING ? secondsLeft : limits.abortSeconds();
        transition(ErrorHandlerState.ABORTING);
        management.abortTask(overdue);
    }

    private void resetUnit() {
        LOG.warn("{}: resetting the logical unit {}", session, Long.toHexString(lunBytes));
        secondsLeft = limits.lunResetSeconds();
        transition(ErrorHandlerState.RESETTING_UNIT);
        management.resetUnit(lunBytes);
    }

    private void resetTarget() {
        LOG.warn("{}: resetting the target", session);
        secondsLeft = limits.targetResetSeconds();
        transition(ErrorHandlerState.RESETTING_TARGET);
        management.resetTarget();
    }

    /** The present step has failed. */
    private void climb() {
        if (subjectInFlight() == null) {
            next();
            return;
        }
        switch (state) {
            case ABORTING -> resetUnit();
            case RESETTING_UNIT -> resetTarget();
            case RESETTING_TARGET ->
                session.drop(
                        ConnectionException.Reason.ERROR_HANDLING,
                        "the target does not recover from a command without an answer");
            case IDLE, STOPPED -> {}
        }
    }

    private void transition(ErrorHandlerState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("error handling cannot go from " + state + " to " + next);
        }
        state = next;
    }

    /** Last, for whoever is told may do anything to the session. */
    private void announce() {
        if (announced != state.isActive()) {
            announced = state.isActive();
            session.tellErrorHandling(announced);
        }
    }
}
