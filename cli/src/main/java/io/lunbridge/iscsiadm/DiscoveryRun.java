package io.lunbridge.iscsiadm;

import io.lunbridge.records.DiscoveryRecord;

/** Asks for targets, and takes what is found into the database (M-47, S-21, S-22). */
final class DiscoveryRun {

    private final Context context;
    private final Request request;

    DiscoveryRun(Context context, Request request) {
        this.context = context;
        this.request = request;
    }

    /** @param isStored whether the discovery record is new and to be kept */
    ErrorCode run(DiscoveryRecord record, boolean isStored) throws CommandEnd {
        context.console().error("Could not perform discovery of " + record.address() + ": not yet built in");
        return isStored || request.login ? ErrorCode.OP_NOT_SUPP : ErrorCode.INVAL;
    }
}
