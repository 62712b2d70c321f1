package io.lunbridge.block;

import io.netty.buffer.ByteBuf;

/**
 * Takes larger reads and writes than the device below and passes them on in parts, a few at a time. What fits passes
 * straight through; so do discard and writeZeroes, whose lengths a device bounds itself.
 */
public final class SplittingBlockDevice extends ForwardingBlockDevice {

    /** Twice what an NBD client may send at once (32 MiB), so that widening to whole blocks above still fits. */
    public static final int MAX_TRANSFER_BYTES = 64 << 20;

    /** Parts of one request that are below at the same time: enough to keep the wire busy, few enough to be fair. */
    static final int MAX_PARTS_IN_FLIGHT = 8;

    public SplittingBlockDevice(BlockDevice lower) {
        super(lower, SplittingBlockDevice::widened);
    }

    private static Geometry widened(Geometry lower) {
        return new Geometry(
                lower.sizeBytes(),
                lower.blockBytes(),
                lower.preferredBytes(),
                Math.max(MAX_TRANSFER_BYTES, lower.maxTransferBytes()),
                lower.features());
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        int most = lower().geometry().maxTransferBytes();
        if (lengthBytes <= most) {
            lower().read(offsetBytes, lengthBytes, done);
        } else {
            new SplitRead(lower(), offsetBytes, lengthBytes, done).pump();
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        int most = lower().geometry().maxTransferBytes();
        if (data.readableBytes() <= most) {
            lower().write(offsetBytes, data, durability, done);
        } else {
            new SplitWrite(lower(), offsetBytes, data, durability, done).pump();
        }
    }
}
