package io.lunbridge.iscsiadm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Ends sessions, all at once (M-38): every one is tried, and the first error is the exit code. */
final class Logouts {

    private final Context context;
    private final Console console;

    /** A logout on its way. */
    private record Pending(Session session, FutureTask<ErrorCode> task) {}

    Logouts(Context context) {
        this.context = context;
        this.console = context.console();
    }

    /**
     * Ends all sessions that match.
     *
     * @param only the only one that is meant; null if all are
     */
    ErrorCode logout(NodePattern pattern, @Nullable Session only) throws CommandEnd {
        List<Session> meant = new ArrayList<>();
        for (Session session : context.sessions()) {
            if (only == null ? pattern.matches(session) : only.sid() == session.sid()) {
                meant.add(session);
            }
        }
        return logout(meant);
    }

    /** Ends these. */
    ErrorCode logout(List<Session> sessions) {
        if (sessions.isEmpty()) {
            console.error("No matching sessions found");
            return ErrorCode.NO_OBJS_FOUND;
        }
        List<Pending> pending = new ArrayList<>();
        for (Session session : sessions) {
            console.print("Logging out of session " + session.label());
            FutureTask<ErrorCode> task = new FutureTask<>(() -> ask(session));
            Thread thread = new Thread(task, "logout");
            thread.setDaemon(true);
            thread.start();
            pending.add(new Pending(session, task));
        }
        console.flush();
        InterruptSignal.take(console);
        ErrorCode outcome = ErrorCode.SUCCESS;
        for (Pending each : pending) {
            outcome = outcome.or(end(each));
        }
        if (outcome != ErrorCode.SUCCESS) {
            console.error("Could not logout of all requested sessions");
        }
        context.daemon().forgetSessions();
        return outcome;
    }

    private ErrorCode ask(Session session) {
        try {
            context.daemon().ask("logout", Map.of("sid", session.sid()));
            return ErrorCode.SUCCESS;
        } catch (DaemonFailure e) {
            return e.error();
        }
    }

    private ErrorCode end(Pending pending) {
        ErrorCode outcome;
        try {
            outcome = pending.task().get();
        } catch (ExecutionException | InterruptedException e) {
            outcome = ErrorCode.INTERNAL;
        }
        if (outcome == ErrorCode.SUCCESS) {
            console.print("Logout of " + pending.session().label() + " successful.");
        } else {
            console.error("Could not logout of " + pending.session().label() + ".");
            console.initiatorError(outcome);
        }
        return outcome;
    }
}
