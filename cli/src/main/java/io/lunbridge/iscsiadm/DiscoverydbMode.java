package io.lunbridge.iscsiadm;

import io.lunbridge.records.BadValue;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.RecordFailure;

/** {@code -m discoverydb}: records of whom to ask for targets, and asking by them (M-48 to M-52). */
final class DiscoverydbMode {

    private static final int ISNS_PORT = 3205;

    private final Context context;
    private final Console console;
    private final Request request;

    DiscoverydbMode(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
    }

    ErrorCode run() throws CommandEnd {
        DiscoveryMethod method = request.type;
        if (method == null) {
            return runWithoutType();
        }
        return switch (method) {
            case SENDTARGETS -> run(DiscoveryType.SENDTARGETS);
            case ISNS -> run(DiscoveryType.ISNS);
            case SLP -> slp(console);
            case FW -> runFirmware();
        };
    }

    static int portOf(DiscoveryType type) {
        return type == DiscoveryType.ISNS ? ISNS_PORT : NodePattern.ISCSI_PORT;
    }

    static ErrorCode slp(Console console) {
        console.error("SLP discovery is not fully implemented yet.");
        return ErrorCode.INVAL;
    }

    /** Removes it, and the node records that it led to (M-51). */
    static ErrorCode delete(Context context, DiscoveryRecord record) throws CommandEnd {
        try {
            context.database().delete(record);
            return ErrorCode.SUCCESS;
        } catch (RecordFailure e) {
            context.console().error(String.valueOf(e.getMessage()));
            context.console().error("Unable to delete record!");
            throw new CommandEnd(e.exitCode());
        }
    }

    private ErrorCode runWithoutType() {
        if (request.portal.address() == null && request.isShow()) {
            return new DiscoveryText(context).print(request.printLevel);
        }
        if (request.portal.address() == null) {
            console.error("Invalid operation. Operation not supported.");
        } else if (request.operations.isEmpty()) {
            console.error("Invalid command. Portal not needed or Possibly missing discovery --type.");
        } else {
            console.error("Invalid command. Possibly missing discovery --type.");
        }
        return ErrorCode.INVAL;
    }

    private ErrorCode runFirmware() {
        if (request.discover) {
            return FwMode.run(console);
        }
        console.error("Invalid command. Possibly missing --discover argument.");
        return ErrorCode.INVAL;
    }

    private ErrorCode run(DiscoveryType type) throws CommandEnd {
        String address = request.portal.address();
        if (address == null) {
            console.error("Please specify portal as <ipaddr>[:<ipport>]");
            return ErrorCode.INVAL;
        }
        int port = request.portal.orPort(portOf(type)).port();
        DiscoveryRecord fresh = context.database().configuration().discovery(type, address, port);
        if (request.operations.contains(Operation.NEW) && !request.discover) {
            write(fresh);
            console.print("New discovery record for [" + address + "," + port + "] added.");
            return ErrorCode.SUCCESS;
        }
        DiscoveryRecord record =
                context.database().discovery(type, address, port).orElse(null);
        if (request.discover) {
            boolean isStored = record == null && !request.operations.contains(Operation.NONPERSISTENT);
            return new DiscoveryRun(context, request).run(record == null ? fresh : record, isStored);
        }
        if (record == null) {
            console.error("Discovery record [" + address + "," + port + "] not found.");
            return ErrorCode.IDBM;
        }
        return run(record);
    }

    private ErrorCode run(DiscoveryRecord record) throws CommandEnd {
        if (request.isShow()) {
            console.printAll(record.dump(request.show));
            return ErrorCode.SUCCESS;
        }
        if (request.isOnly(Operation.DELETE)) {
            return delete(context, record);
        }
        if (!request.isOnly(Operation.UPDATE)) {
            console.error("Operation is not supported.");
            return ErrorCode.INVAL;
        }
        if (request.settings.isEmpty()) {
            console.error("Update requires name and value.");
            return ErrorCode.INVAL;
        }
        try {
            write(record.updated(request.settings, console::error));
            return ErrorCode.SUCCESS;
        } catch (BadValue e) {
            console.error(String.valueOf(e.getMessage()));
            return ErrorCode.INVAL;
        }
    }

    private void write(DiscoveryRecord record) throws CommandEnd {
        try {
            context.database().write(record);
        } catch (RecordFailure e) {
            console.error(String.valueOf(e.getMessage()));
            throw new CommandEnd(e.exitCode());
        }
    }
}
