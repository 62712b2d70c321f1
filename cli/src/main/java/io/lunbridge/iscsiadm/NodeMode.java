package io.lunbridge.iscsiadm;

import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code -m node}: records of portals, and what is done with them (M-30 to M-42). */
final class NodeMode {

    private final Context context;
    private final Console console;
    private final Request request;

    NodeMode(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
    }

    ErrorCode run() throws CommandEnd {
        StartupGroups groups = new StartupGroups(context, request);
        if (request.loginAll) {
            return groups.login();
        }
        if (request.logoutAll) {
            return groups.logout();
        }
        return run(NodePattern.of(request.targetName, request.portal, iface()), null);
    }

    private @Nullable IfaceRecord iface() throws CommandEnd {
        if (request.ifaceNames.size() > 1) {
            console.error("NODE mode only accepts one interface. Using the first one driver  hwaddress  ipaddress .");
        }
        if (request.ifaceNames.isEmpty()) {
            return null;
        }
        String name = request.ifaceNames.get(0);
        return context.database().iface(name).orElseThrow(() -> {
            console.error("Could not read iface info for " + name + ".");
            return new CommandEnd(ErrorCode.NOMEM);
        });
    }

    /**
     * What is asked for, done to what is meant.
     *
     * @param session the one whose record is meant, if the command names a session
     */
    ErrorCode run(NodePattern pattern, @Nullable Session session) throws CommandEnd {
        NodeChanges changes = new NodeChanges(context);
        if (request.isOnly(Operation.NEW) && session == null) {
            return changes.addStatic(pattern);
        }
        if (request.rescan) {
            return new SessionWork(context).rescan(pattern, session);
        }
        if (request.stats) {
            return new SessionWork(context).printStatistics(pattern, session);
        }
        checkOperation(session);
        if (request.login || (session != null && request.isOnly(Operation.NEW))) {
            return new Logins(context, request.noWait).login(changes.matching(pattern), session != null);
        }
        if (request.logout) {
            return new Logouts(context).logout(pattern, session);
        }
        if (request.isShow()) {
            return request.operations.isEmpty() && pattern.isEmpty() && session == null ? list() : show(pattern);
        }
        if (request.isOnly(Operation.UPDATE)) {
            return changes.update(pattern, request.settings);
        }
        if (request.isOnly(Operation.DELETE)) {
            return changes.delete(pattern);
        }
        console.error("operation is not supported.");
        return ErrorCode.INVAL;
    }

    private void checkOperation(@Nullable Session session) throws CommandEnd {
        boolean isMultiple = session != null && request.isOnly(Operation.NEW);
        String fault = null;
        if ((request.login || isMultiple) && request.logout) {
            fault = "Both login and logout passed in";
        } else if ((request.login || request.logout) && !request.operations.isEmpty() && !isMultiple) {
            fault = "Login/logout and op passed in";
        }
        if (fault != null) {
            console.error("Invalid parameters. " + fault);
            throw new CommandEnd(ErrorCode.INVAL);
        }
    }

    private ErrorCode list() {
        if (request.printLevel > 1 || request.printLevel < -1) {
            console.error("Invalid info level " + request.printLevel + ". Try 0 or 1.");
            return ErrorCode.INVAL;
        }
        List<NodeRecord> nodes = context.database().nodes(NodeFilter.ALL);
        if (nodes.isEmpty()) {
            return noRecords();
        }
        if (MachineText.isWanted()) {
            MachineText.printNodes(console, nodes, request.show);
        } else if (request.printLevel == 1) {
            new NodeText(console).printTree(nodes);
        } else {
            nodes.forEach(node -> console.print(NodeText.flat(node)));
        }
        return ErrorCode.SUCCESS;
    }

    private ErrorCode show(NodePattern pattern) {
        List<NodeRecord> shown = new ArrayList<>();
        for (NodeRecord node : context.database().nodes(NodeFilter.ALL)) {
            if (pattern.matchesLetters(node)) {
                shown.add(node);
            }
        }
        if (shown.isEmpty()) {
            return noRecords();
        }
        if (MachineText.isWanted()) {
            MachineText.printNodes(console, shown, request.show);
        } else {
            shown.forEach(node -> console.printAll(node.dump(request.show)));
        }
        return ErrorCode.SUCCESS;
    }

    private ErrorCode noRecords() {
        console.error("No records found");
        return ErrorCode.NO_OBJS_FOUND;
    }
}
