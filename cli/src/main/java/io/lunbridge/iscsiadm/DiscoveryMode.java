package io.lunbridge.iscsiadm;

import io.lunbridge.records.Configuration;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;

/** {@code -m discovery}: asks for targets at once, or shows and deletes records of SendTargets (M-47, M-52 to M-56). */
final class DiscoveryMode {

    private final Context context;
    private final Console console;
    private final Request request;

    DiscoveryMode(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
    }

    ErrorCode run() throws CommandEnd {
        DiscoveryMethod method = request.type;
        if (method == null) {
            return request.portal.address() == null ? list() : runRecorded(request.portal.address());
        }
        return switch (method) {
            case SENDTARGETS -> discover(DiscoveryType.SENDTARGETS, "<ipaddr>[:<ipport>]");
            case ISNS -> discover(DiscoveryType.ISNS, "<ipaddr>:[<ipport>]");
            case SLP -> DiscoverydbMode.slp(console);
            case FW -> FwMode.run(console);
        };
    }

    private ErrorCode list() {
        if (request.isShow()) {
            return new DiscoveryText(context).print(request.printLevel);
        }
        console.error("Invalid operation.");
        return ErrorCode.INVAL;
    }

    /** A new record replaces an old one of the same portal. */
    private ErrorCode discover(DiscoveryType type, String form) throws CommandEnd {
        Portal portal = request.portal;
        if (portal.address() == null && type == DiscoveryType.ISNS) {
            portal = configuredServer();
        }
        String address = portal.address();
        if (address == null) {
            console.error("Please specify portal as " + form);
            return ErrorCode.INVAL;
        }
        DiscoveryRecord record = context.database()
                .configuration()
                .discovery(
                        type,
                        address,
                        portal.orPort(DiscoverydbMode.portOf(type)).port());
        boolean isStored = type == DiscoveryType.SENDTARGETS;
        return new DiscoveryRun(context, request).run(record, isStored);
    }

    /** The iSNS server that iscsid.conf names (R-63, S-53). */
    private Portal configuredServer() {
        Configuration configuration = context.database().configuration();
        String address = configuration.setting("isns.address");
        String port = configuration.setting("isns.port");
        int number = port == null ? Portal.NONE.port() : CNumber.ofInt(port);
        return address == null ? Portal.NONE : Portal.of(address, number);
    }

    private ErrorCode runRecorded(String address) throws CommandEnd {
        int port = request.portal.orPort(NodePattern.ISCSI_PORT).port();
        DiscoveryRecord record = context.database()
                .discovery(DiscoveryType.SENDTARGETS, address, port)
                .orElse(null);
        if (record == null) {
            console.error("Discovery record [" + address + "," + port + "] not found!");
            return ErrorCode.INVAL;
        }
        if (request.discover || request.login) {
            return new DiscoveryRun(context, request).run(record, false);
        }
        if (request.isShow()) {
            console.printAll(record.dump(request.show));
            return ErrorCode.SUCCESS;
        }
        if (request.isOnly(Operation.DELETE)) {
            return DiscoverydbMode.delete(context, record);
        }
        boolean isKnown = request.isOnly(Operation.UPDATE) || request.isOnly(Operation.NEW);
        console.error(
                isKnown
                        ? "Operations new and update for discovery mode is not supported. Use discoverydb mode."
                        : "Invalid operation.");
        return ErrorCode.INVAL;
    }
}
