package io.lunbridge.nbd.transmission;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.nbd.export.Export;

/**
 * What a connection carries from the handshake into the transmission phase.
 *
 * @param structuredReplies whether OPT_STRUCTURED_REPLY was agreed on
 * @param allocationContext whether the context base:allocation is selected, for this export
 */
public record Negotiated(Export export, boolean structuredReplies, boolean allocationContext) {

    /** The id under which base:allocation goes over the wire. */
    public static final int ALLOCATION_CONTEXT_ID = 1;

    /** What a client has that negotiated nothing. */
    public static Negotiated nothing(Export export) {
        return new Negotiated(export, false, false);
    }

    /** The same on a device that stands before the export's own. */
    public Negotiated on(BlockDevice device) {
        Export over = new Export(export.name(), export.description(), device, export.readOnly());
        return new Negotiated(over, structuredReplies, allocationContext);
    }

    int transmissionFlags() {
        return export.transmissionFlags(structuredReplies);
    }
}
