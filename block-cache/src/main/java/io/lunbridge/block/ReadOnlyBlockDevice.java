package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.Set;

/** A device that cannot be changed through this view of it. Writing fails with {@link BlockError#NOT_PERMITTED}. */
public final class ReadOnlyBlockDevice extends ForwardingBlockDevice {

    private static final Set<Feature> OF_WRITING =
            Set.of(Feature.WRITE, Feature.DURABLE_WRITE, Feature.DISCARD, Feature.WRITE_ZEROES, Feature.FAST_ZERO);

    public ReadOnlyBlockDevice(BlockDevice lower) {
        super(lower, ReadOnlyBlockDevice::withoutWriting);
    }

    private static Geometry withoutWriting(Geometry lower) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        features.addAll(lower.features());
        features.removeAll(OF_WRITING);
        return new Geometry(
                lower.sizeBytes(), lower.blockBytes(), lower.preferredBytes(), lower.maxTransferBytes(), features);
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        data.release();
        refuse(done);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        refuse(done);
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        refuse(done);
    }

    private static void refuse(Completion done) {
        done.failed(new BlockException(BlockError.NOT_PERMITTED, "the device is served read-only"));
    }
}
