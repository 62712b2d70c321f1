package io.lunbridge.iscsiadm;

import io.lunbridge.records.BadValue;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordFailure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds, changes and removes node records (M-33 to M-36). A failure of one does not keep the others from it. */
final class NodeChanges {

    private static final String TRANSPORT_NAME = "iface.transport_name";

    private final Context context;
    private final Console console;

    NodeChanges(Context context) {
        this.context = context;
        this.console = context.console();
    }

    /** What is done to one record. */
    @FunctionalInterface
    private interface Change {
        ErrorCode make(NodeRecord node) throws RecordFailure, CommandEnd;
    }

    /**
     * Those that match.
     *
     * @throws CommandEnd if there are none
     */
    List<NodeRecord> matching(NodePattern pattern) throws CommandEnd {
        List<NodeRecord> matching = found(pattern);
        if (matching.isEmpty()) {
            console.error("No records found");
            throw new CommandEnd(ErrorCode.NO_OBJS_FOUND);
        }
        return matching;
    }

    private List<NodeRecord> found(NodePattern pattern) {
        List<NodeRecord> matching = new ArrayList<>();
        for (NodeRecord node : context.database().nodes(NodeFilter.ALL)) {
            if (pattern.matches(node)) {
                matching.add(node);
            }
        }
        return matching;
    }

    /**
     * New static records: of the portal that is named with its target, which replaces the one there is (M-33), or else of
     * each known portal that matches, for another iface (M-34).
     */
    ErrorCode addStatic(NodePattern pattern) throws CommandEnd {
        return inDatabase(() -> {
            Set<NodePattern> portals = new LinkedHashSet<>();
            if (!pattern.targetName().isEmpty() && !pattern.address().isEmpty()) {
                portals.add(pattern);
            } else {
                for (NodeRecord node : context.database().nodes(NodeFilter.ALL)) {
                    if (isMeant(pattern, node)) {
                        portals.add(new NodePattern(
                                node.targetName(), node.address(), node.port(), node.tpgt(), pattern.iface()));
                    }
                }
            }
            for (NodePattern portal : portals) {
                addOne(portal);
            }
            if (portals.isEmpty()) {
                // open-iscsi's whole message, and its success.
                console.error("Error while adding record: ");
            }
            return ErrorCode.SUCCESS;
        });
    }

    private static boolean isMeant(NodePattern pattern, NodeRecord node) {
        return (pattern.targetName().isEmpty() || pattern.targetName().equals(node.targetName()))
                && (pattern.address().isEmpty() || pattern.address().equals(node.address()))
                && (pattern.port() == -1 || pattern.port() == node.port());
    }

    private void addOne(NodePattern portal) throws RecordFailure {
        IfaceRecord iface = portal.iface() == null ? IfaceRecord.DEFAULT : portal.iface();
        NodeRecord node = context.database()
                .configuration()
                .node(portal.targetName(), portal.tpgt(), portal.address(), portal.port(), iface);
        context.database().add(node);
        console.print("New iSCSI node [" + label(node) + "] added");
    }

    /** As messages name a record. */
    static String label(NodeRecord node) {
        IfaceRecord iface = node.iface();
        return iface.transportName() + ":[hw=" + iface.value("iface.hwaddress") + ",ip="
                + iface.value("iface.ipaddress") + ",net_if=" + iface.value("iface.net_ifacename") + ",iscsi_if="
                + iface.name() + "] " + node.address() + "," + node.port() + "," + node.tpgt() + " "
                + node.targetName();
    }

    ErrorCode update(NodePattern pattern, List<Map.Entry<String, String>> settings) throws CommandEnd {
        List<Map.Entry<String, String>> checked = checked(pattern, settings);
        return forEach(pattern, node -> {
            try {
                context.database().write(node.updated(checked, console::error));
                return ErrorCode.SUCCESS;
            } catch (BadValue e) {
                e.nodeMessages().forEach(console::error);
                return ErrorCode.INVAL;
            }
        });
    }

    private List<Map.Entry<String, String>> checked(NodePattern pattern, List<Map.Entry<String, String>> settings)
            throws CommandEnd {
        if (settings.isEmpty()) {
            console.error("update requires name and value");
            throw new CommandEnd(ErrorCode.INVAL);
        }
        List<Map.Entry<String, String>> checked = new ArrayList<>();
        for (Map.Entry<String, String> setting : settings) {
            String key = setting.getKey().equals("node.transport_name") ? TRANSPORT_NAME : setting.getKey();
            if (key.startsWith("iface.") && !key.equals(TRANSPORT_NAME)) {
                console.error("Cannot modify " + key + ". Use iface mode to update this value.");
                throw new CommandEnd(ErrorCode.INVAL);
            }
            if (key.equals(TRANSPORT_NAME) && pattern.firstOf(context.sessions()) != null) {
                console.error("Cannot modify node/iface transport name while a session is using it."
                        + " Log out the session then update record.");
                throw new CommandEnd(ErrorCode.SESS_EXISTS);
            }
            checked.add(Map.entry(key, setting.getValue()));
        }
        return checked;
    }

    ErrorCode delete(NodePattern pattern) throws CommandEnd {
        return forEach(pattern, this::deleteUnlessUsed);
    }

    /** A session is not ended by a command that says nothing of it (M-36, CR-4). */
    ErrorCode deleteUnlessUsed(NodeRecord node) throws RecordFailure, CommandEnd {
        if (NodePattern.of(node).firstOf(context.sessions()) != null) {
            console.error("This command will remove the record [iface: " + node.ifaceName() + ", target: "
                    + node.targetName() + ", portal: " + node.address() + "," + node.port()
                    + "], but a session is using it. Logout session then rerun command to remove record.");
            return ErrorCode.SESS_EXISTS;
        }
        context.database().delete(node);
        return ErrorCode.SUCCESS;
    }

    private ErrorCode forEach(NodePattern pattern, Change change) throws CommandEnd {
        if (!pattern.address().isEmpty()) {
            // Name servers may be slow: names are looked up, and remembered, before others are locked out (CR-35).
            var unused = found(pattern);
        }
        return inDatabase(() -> {
            ErrorCode outcome = ErrorCode.SUCCESS;
            List<NodeRecord> matching = found(pattern);
            for (NodeRecord node : matching) {
                outcome = outcome.or(change.make(node));
            }
            if (matching.isEmpty()) {
                console.error("No records found");
                return ErrorCode.NO_OBJS_FOUND;
            }
            if (outcome != ErrorCode.SUCCESS) {
                console.error("Could not execute operation on all records: " + outcome.text());
            }
            return outcome;
        });
    }

    /** Work that is done while nobody else changes records. */
    @FunctionalInterface
    interface Work {
        ErrorCode run() throws RecordFailure, CommandEnd;
    }

    ErrorCode inDatabase(Work work) throws CommandEnd {
        try {
            return context.database().<ErrorCode, CommandEnd>locked(work::run);
        } catch (RecordFailure e) {
            console.error(String.valueOf(e.getMessage()));
            throw new CommandEnd(e.exitCode());
        }
    }
}
