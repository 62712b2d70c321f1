package io.lunbridge.block;

import io.netty.buffer.ByteBuf;

/** A range of a device as a device of its own. */
public final class SliceBlockDevice extends ForwardingBlockDevice {

    private final long startBytes;

    /**
     * A range of fixed length. When the lower device shrinks into it, it ends where that ends.
     *
     * @throws IllegalArgumentException where the range is not inside the lower device, is empty, or is not in whole
     *     blocks; the message names the numbers
     */
    public SliceBlockDevice(BlockDevice lower, long startBytes, long lengthBytes) {
        super(lower, geometry -> slice(geometry, startBytes, lengthBytes));
        requireInside(lower.geometry(), startBytes, lengthBytes);
        this.startBytes = startBytes;
    }

    /** The range from {@code startBytes} to the lower device's end, also when that end moves. */
    public static SliceBlockDevice from(BlockDevice lower, long startBytes) {
        Geometry geometry = lower.geometry();
        requireInside(geometry, startBytes, geometry.sizeBytes() - startBytes);
        return new SliceBlockDevice(startBytes, lower);
    }

    private SliceBlockDevice(long startBytes, BlockDevice lower) {
        super(lower, geometry -> slice(geometry, startBytes, Long.MAX_VALUE));
        this.startBytes = startBytes;
    }

    private static Geometry slice(Geometry lower, long startBytes, long lengthBytes) {
        long rest = Math.max(0, lower.sizeBytes() - Math.max(0, startBytes));
        long size = Math.max(0, Math.min(lengthBytes, rest));
        return new Geometry(
                size - size % lower.blockBytes(),
                lower.blockBytes(),
                lower.preferredBytes(),
                lower.maxTransferBytes(),
                lower.features());
    }

    private static void requireInside(Geometry lower, long startBytes, long lengthBytes) {
        if (startBytes < 0 || lengthBytes <= 0 || startBytes > lower.sizeBytes() - lengthBytes) {
            throw new IllegalArgumentException("a range of " + lengthBytes + " bytes at offset " + startBytes
                    + " is not inside the disk of " + lower.sizeBytes() + " bytes");
        }
        if (startBytes % lower.blockBytes() != 0 || lengthBytes % lower.blockBytes() != 0) {
            throw new IllegalArgumentException("a range of " + lengthBytes + " bytes at offset " + startBytes
                    + " is not in whole blocks of " + lower.blockBytes() + " bytes");
        }
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        lower().read(startBytes + offsetBytes, lengthBytes, done);
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        lower().write(startBytes + offsetBytes, data, durability, done);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        lower().discard(startBytes + offsetBytes, lengthBytes, done);
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        lower().writeZeroes(startBytes + offsetBytes, lengthBytes, zeroing, durability, done);
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        lower().blockStatus(startBytes + offsetBytes, lengthBytes, done);
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        lower().prefetch(startBytes + offsetBytes, lengthBytes, done);
    }
}
