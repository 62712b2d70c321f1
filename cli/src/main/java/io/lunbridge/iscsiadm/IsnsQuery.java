package io.lunbridge.iscsiadm;

import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.isns.IsnsException;
import io.lunbridge.isns.IsnsServer;
import io.lunbridge.isns.TargetPortal;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.InitiatorNameFile;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks an iSNS server for targets, and tells in open-iscsi's words if it cannot (M-136). */
final class IsnsQuery {

    /** No key of the record says how long. */
    private static final int LIMIT_MILLIS = 30_000;

    private final Context context;
    private final DiscoveryRecord record;

    /** @param record of the server */
    IsnsQuery(Context context, DiscoveryRecord record) {
        this.context = context;
        this.record = record;
    }

    /** What the iface's own initiator name may see, or the host's if it has none. */
    List<DiscoveredTarget> ask(IfaceRecord iface) throws CommandEnd {
        String name = name(iface);
        if (name == null) {
            context.console().error("Cannot perform discovery. Invalid Initiatorname.");
            throw failure(ErrorCode.INVAL);
        }
        InterruptSignal.take(context.console());
        List<DiscoveredTarget> targets = new ArrayList<>();
        try {
            IsnsServer server = new IsnsServer(record.address(), record.port(), LIMIT_MILLIS);
            for (TargetPortal portal : server.portals(name)) {
                TargetAddress address = new TargetAddress(portal.address(), portal.port(), portal.portalGroupTag());
                targets.add(new DiscoveredTarget(portal.targetName(), List.of(address)));
            }
        } catch (UnknownHostException e) {
            context.console().error("cannot resolve host name " + record.address());
            throw failure(ErrorCode.NOMEM);
        } catch (IsnsException e) {
            context.console().error(String.valueOf(e.getMessage()));
            context.console().error("iSNS discovery failed: " + e.status());
            throw failure(ErrorCode.ISNS_QUERY);
        }
        return targets;
    }

    private @Nullable String name(IfaceRecord iface) {
        String own = iface.value("iface.initiatorname");
        return own.isEmpty()
                ? InitiatorNameFile.read(context.database().paths()).name()
                : own;
    }

    private CommandEnd failure(ErrorCode error) {
        context.console().error("Could not perform iSNS discovery: " + error.text());
        return new CommandEnd(error);
    }
}
