package io.lunbridge.iscsiadm;

import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.InitiatorNameFile;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordFailure;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Asks for targets, and takes what is found into the database (M-47, M-49, M-54 to M-56, S-21, S-22). */
final class DiscoveryRun {

    private static final String TCP = "tcp";

    private final Context context;
    private final Console console;
    private final Request request;

    DiscoveryRun(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
    }

    /**
     * Does it, and prints what was found.
     *
     * @param isStored whether the discovery record is new and to be kept
     */
    ErrorCode run(DiscoveryRecord record, boolean isStored) throws CommandEnd {
        List<IfaceRecord> ifaces = ifaces();
        if (ifaces.isEmpty()) {
            return ErrorCode.NO_OBJS_FOUND;
        }
        NodeChanges changes = new NodeChanges(context);
        if (isStored && !request.operations.contains(Operation.NONPERSISTENT)) {
            changes.inDatabase(() -> {
                context.database().write(record);
                return ErrorCode.SUCCESS;
            });
        }
        List<NodeRecord> found = record.type() == DiscoveryType.ISNS ? askIsns(record, ifaces) : ask(record, ifaces);
        if (found.isEmpty()) {
            console.error("No portals found");
            return ErrorCode.NO_OBJS_FOUND;
        }
        changes.inDatabase(() -> {
            store(record, found, changes);
            return ErrorCode.SUCCESS;
        });
        print(found);
        return request.login ? new Logins(context, request.noWait).loginEach(found, false) : ErrorCode.SUCCESS;
    }

    /** Those that are named, or all software ifaces there are, or the default one (S-66). */
    private List<IfaceRecord> ifaces() {
        List<IfaceRecord> ifaces = new ArrayList<>();
        for (String name : request.ifaceNames) {
            IfaceRecord iface = context.database().iface(name).orElse(null);
            if (iface == null) {
                console.error("Could not read iface info for " + name
                        + ". Make sure an iface config with the file name and iface.iscsi_ifacename " + name
                        + " is in " + context.database().paths().database().resolve("ifaces") + ".");
            } else if (!iface.transportName().equals(TCP)) {
                console.error(
                        "Could not load transport " + iface.transportName() + ".Dropping interface " + name + ".");
            } else {
                ifaces.add(iface);
            }
        }
        if (request.ifaceNames.isEmpty()) {
            for (IfaceRecord iface : context.database().ifaces()) {
                if (!iface.isBuiltIn() && iface.transportName().equals(TCP)) {
                    ifaces.add(iface);
                }
            }
            if (ifaces.isEmpty()) {
                ifaces.add(IfaceRecord.DEFAULT);
            }
        }
        return ifaces;
    }

    /** Once for all ifaces: the portal is asked by whatever way leads there, and as this host (S-67). */
    private List<NodeRecord> ask(DiscoveryRecord record, List<IfaceRecord> ifaces) throws CommandEnd {
        String name = InitiatorNameFile.read(context.database().paths()).name();
        if (name == null) {
            console.error("Cannot perform discovery. Initiatorname required.");
            console.error("Could not perform SendTargets discovery: " + ErrorCode.INVAL.text());
            throw new CommandEnd(ErrorCode.INVAL);
        }
        return bound(record, new TargetQuery(console, record, name).ask(), ifaces);
    }

    /** An iSNS server tells of what the name that asks may see, so each iface's is asked for. */
    private List<NodeRecord> askIsns(DiscoveryRecord record, List<IfaceRecord> ifaces) throws CommandEnd {
        IsnsQuery query = new IsnsQuery(context, record);
        List<NodeRecord> found = new ArrayList<>();
        for (IfaceRecord iface : ifaces) {
            found.addAll(bound(record, query.ask(iface), List.of(iface)));
        }
        return found;
    }

    private List<NodeRecord> bound(DiscoveryRecord record, List<DiscoveredTarget> targets, List<IfaceRecord> ifaces) {
        List<NodeRecord> bound = new ArrayList<>();
        for (IfaceRecord iface : ifaces) {
            for (DiscoveredTarget target : targets) {
                for (TargetAddress portal : target.portals()) {
                    int tag = portal.portalGroupTag();
                    bound.add(context.database()
                            .configuration()
                            .node(
                                    target.name(),
                                    tag == TargetAddress.NO_TAG ? NodeRecord.UNKNOWN_TPGT : tag,
                                    portal.host(),
                                    portal.port(),
                                    iface)
                            .foundBy(record.type(), record.address(), record.port()));
                }
            }
        }
        return bound;
    }

    /** Without an operation all three are meant: the database is then as the portal says. */
    private void store(DiscoveryRecord record, List<NodeRecord> found, NodeChanges changes)
            throws RecordFailure, CommandEnd {
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        operations.addAll(request.operations);
        if (operations.isEmpty()) {
            operations.addAll(EnumSet.of(Operation.NEW, Operation.UPDATE, Operation.DELETE));
        }
        if (operations.contains(Operation.DELETE)) {
            for (NodeRecord node : context.database().nodes(NodeFilter.ALL)) {
                if (isOf(record, node) && !isAmong(found, node)) {
                    changes.deleteUnlessUsed(node);
                }
            }
        }
        for (NodeRecord node : found) {
            if (operations.contains(Operation.UPDATE)) {
                context.database().add(node);
            } else if (operations.contains(Operation.NEW)) {
                context.database().addIfAbsent(node);
            }
        }
    }

    private static boolean isOf(DiscoveryRecord record, NodeRecord node) {
        return node.discoveryType() == record.type()
                && node.discoveryPort() == record.port()
                && node.discoveryAddress().equals(record.address());
    }

    private static boolean isAmong(List<NodeRecord> found, NodeRecord node) {
        NodePattern pattern = NodePattern.of(node);
        for (NodeRecord each : found) {
            if (pattern.matches(each)) {
                return true;
            }
        }
        return false;
    }

    private void print(List<NodeRecord> found) {
        if (request.printLevel == 1) {
            new NodeText(console).printResultTree(found);
        } else if (request.printLevel <= 0) {
            found.forEach(node -> console.print(NodeText.flatResult(node)));
        }
    }
}
