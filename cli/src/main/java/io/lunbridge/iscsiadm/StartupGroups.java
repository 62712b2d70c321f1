package io.lunbridge.iscsiadm;

import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code -L} and {@code -U}: logs in or out whatever starts in a certain way (M-40, M-41, S-37, S-38). */
final class StartupGroups {

    private static final Set<String> LOGIN_GROUPS = Set.of("all", "manual", "automatic", "onboot");
    private static final Set<String> LOGOUT_GROUPS = Set.of("all", "manual", "automatic");

    private final Context context;
    private final Console console;
    private final Request request;

    StartupGroups(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
    }

    /** First all that stand for themselves, then of each target with leading logins one, by whichever iface works. */
    ErrorCode login() throws CommandEnd {
        String group = checkedGroup(LOGIN_GROUPS, "loginall");
        List<NodeRecord> normal = new ArrayList<>();
        List<NodeRecord> leading = new ArrayList<>();
        for (NodeRecord node : context.database().nodes(NodeFilter.ALL)) {
            if (isOf(node, group)) {
                boolean isLeading = node.value("node.leading_login").equals("Yes");
                (isLeading ? leading : normal).add(node);
            }
        }
        if (normal.isEmpty() && leading.isEmpty()) {
            console.error("No records found");
            return ErrorCode.NO_OBJS_FOUND;
        }
        ErrorCode outcome = ErrorCode.SUCCESS;
        if (!normal.isEmpty()) {
            outcome = new Logins(context, request.noWait).login(normal, false);
        }
        return leading.isEmpty() ? outcome : outcome.or(loginLeading(leading));
    }

    private ErrorCode loginLeading(List<NodeRecord> leading) throws CommandEnd {
        for (IfaceRecord iface : context.database().ifaces()) {
            ErrorCode outcome = ErrorCode.SUCCESS;
            for (NodeRecord node : leading) {
                boolean isTried = NodePattern.ofIface(iface).matches(node) && !hasSession(node);
                if (isTried) {
                    outcome = outcome.or(new Logins(context, false).loginEach(List.of(node), false));
                }
            }
            if (outcome != ErrorCode.SUCCESS) {
                console.error("Could not log into all portals on " + iface.name() + ", trying next interface");
            }
        }
        for (NodeRecord node : leading) {
            if (!hasSession(node)) {
                console.error("Could not login all leading-login portals");
                return ErrorCode.FATAL_LOGIN;
            }
        }
        return ErrorCode.SUCCESS;
    }

    /** Through whatever iface. */
    private boolean hasSession(NodeRecord node) throws CommandEnd {
        NodePattern anyIface =
                new NodePattern(node.targetName(), node.address(), node.port(), Portal.UNKNOWN_TPGT, null);
        return anyIface.firstOf(context.sessions()) != null;
    }

    /** Sessions whose records say so now; those of the boot stay (S-37). */
    ErrorCode logout() throws CommandEnd {
        String group = checkedGroup(LOGOUT_GROUPS, "logoutall");
        List<NodeRecord> nodes = context.database().nodes(NodeFilter.ALL);
        List<Session> meant = new ArrayList<>();
        for (Session session : context.sessions()) {
            for (NodeRecord node : nodes) {
                if (NodePattern.of(node).matches(session)) {
                    if (!isOfTheBoot(node) && isOf(node, group)) {
                        meant.add(session);
                    }
                    break;
                }
            }
        }
        return new Logouts(context).logout(meant);
    }

    private String checkedGroup(Set<String> groups, String option) throws CommandEnd {
        String group = String.valueOf(request.startup);
        if (!groups.contains(group)) {
            console.error("Invalid " + option + " option " + group + ".");
            console.tryHelp();
            throw new CommandEnd(ErrorCode.INVAL);
        }
        return group;
    }

    private static boolean isOfTheBoot(NodeRecord node) {
        return node.value("node.startup").equals("onboot") || node.discoveryType() == DiscoveryType.FIRMWARE;
    }

    /** A record has the word in one of two places. */
    private static boolean isOf(NodeRecord node, String group) {
        return group.equals("all")
                || group.equals(node.value("node.startup"))
                || group.equals(node.value("node.conn[0].startup"));
    }
}
