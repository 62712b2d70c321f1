package io.lunbridge.iscsiadm;

import io.lunbridge.records.NodeRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Logs in by node records, all at once (M-37): every one is tried, and the first error is the exit code. */
final class Logins {

    private final Context context;
    private final Console console;
    private final boolean noWait;

    /** A login on its way. */
    private record Pending(NodeRecord node, FutureTask<ErrorCode> task) {}

    /** @param noWait whether nobody waits for what comes of it (M-22) */
    Logins(Context context, boolean noWait) {
        this.context = context;
        this.console = context.console();
        this.noWait = noWait;
    }

    /**
     * Logs in.
     *
     * @param isMultiple whether it is to be one more session each, however many there are (M-44)
     */
    ErrorCode login(List<NodeRecord> nodes, boolean isMultiple) throws CommandEnd {
        ErrorCode outcome = loginEach(nodes, isMultiple);
        if (outcome != ErrorCode.SUCCESS) {
            console.error("Could not log into all portals");
        }
        return outcome;
    }

    /** The same without a last word. */
    ErrorCode loginEach(List<NodeRecord> nodes, boolean isMultiple) throws CommandEnd {
        List<Pending> pending = new ArrayList<>();
        ErrorCode outcome = ErrorCode.SUCCESS;
        for (NodeRecord node : nodes) {
            outcome = outcome.or(begin(node, isMultiple, pending));
        }
        console.flush();
        InterruptSignal.take(console);
        for (Pending each : pending) {
            outcome = outcome.or(end(each));
        }
        context.daemon().forgetSessions();
        return outcome;
    }

    private ErrorCode begin(NodeRecord node, boolean isMultiple, List<Pending> pending) throws CommandEnd {
        int wanted = node.number("node.session.nr_sessions");
        int present = present(node);
        if (isMultiple) {
            return start(node, true, pending);
        }
        if (present >= wanted) {
            console.error(node.ifaceName() + ": " + wanted + " session" + (wanted == 1 ? "" : "s") + " requested, but "
                    + present + " already present.");
            return ErrorCode.SESS_EXISTS;
        }
        ErrorCode outcome = ErrorCode.SUCCESS;
        for (int i = present; i < wanted; i++) {
            outcome = outcome.or(start(node, wanted > 1, pending));
        }
        return outcome;
    }

    private int present(NodeRecord node) throws CommandEnd {
        NodePattern pattern = NodePattern.of(node);
        int present = 0;
        for (Session session : context.sessions()) {
            present += pattern.matches(session) ? 1 : 0;
        }
        return present;
    }

    private ErrorCode start(NodeRecord node, boolean isMultiple, List<Pending> pending) {
        console.print("Logging in to " + label(node) + (isMultiple ? " (multiple)" : ""));
        if (!context.daemon().isThere() && !new DaemonStart(context).start()) {
            console.error("can not connect to iSCSI daemon (111)!");
            return told(node, ErrorCode.ISCSID_NOTCONN);
        }
        Map<String, Object> arguments = new LinkedHashMap<>();
        Map<String, String> values = new LinkedHashMap<>();
        node.entries().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        arguments.put("record", values);
        arguments.put("wait", !noWait);
        arguments.put("multiple", isMultiple);
        Callable<ErrorCode> login = () -> ask(arguments);
        FutureTask<ErrorCode> task = new FutureTask<>(login);
        Thread thread = new Thread(task, "login");
        thread.setDaemon(true);
        thread.start();
        pending.add(new Pending(node, task));
        return ErrorCode.SUCCESS;
    }

    private ErrorCode ask(Map<String, Object> arguments) {
        try {
            context.daemon().ask("login", arguments);
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
        return noWait && outcome == ErrorCode.SUCCESS ? outcome : told(pending.node(), outcome);
    }

    private ErrorCode told(NodeRecord node, ErrorCode outcome) {
        if (outcome == ErrorCode.SUCCESS) {
            console.print("Login to " + label(node) + " successful.");
        } else {
            console.error("Could not login to " + label(node) + ".");
            console.initiatorError(outcome);
        }
        return outcome;
    }

    private static String label(NodeRecord node) {
        return "[iface: " + node.ifaceName() + ", target: " + node.targetName() + ", portal: " + node.address() + ","
                + node.port() + "]";
    }
}
