package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Serves requests of any offset and length on a device of larger blocks; its own block is one byte.
 *
 * <p>A read is widened to whole blocks and cut to what was asked. A write reads the blocks at its edges that it covers
 * only in part, and writes them back together with its data: under a {@link RangeLock}, because what another request
 * writes to such a block in between would be lost. Aligned reads pass straight through. Aligned writes, zeroings and
 * discards pass through as shared claims, kept in objects that are used again, and wait only for an edge block that is
 * being written.
 */
public final class AlignedBlockDevice extends ForwardingBlockDevice {

    private final int blockBytes;
    private final RangeLock lock = new RangeLock();
    private final ClaimedCall.Pool calls;

    public AlignedBlockDevice(BlockDevice lower) {
        super(lower, AlignedBlockDevice::byteGeometry);
        this.blockBytes = lower.geometry().blockBytes();
        this.calls = new ClaimedCall.Pool(lower, lock);
    }

    /** As much less than the lower limit as widening to whole blocks may add. */
    private static Geometry byteGeometry(Geometry lower) {
        int most = Math.max(1, lower.maxTransferBytes() - (lower.blockBytes() == 1 ? 0 : lower.blockBytes()));
        return new Geometry(lower.sizeBytes(), 1, lower.preferredBytes(), most, lower.features());
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        if (isAligned(offsetBytes, lengthBytes)) {
            lower().read(offsetBytes, lengthBytes, done);
            return;
        }
        long start = blockStart(offsetBytes);
        int widened = (int) (blockEnd(offsetBytes + lengthBytes) - start);
        lower().read(start, widened, new CutRead((int) (offsetBytes - start), lengthBytes, done));
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        if (isAligned(offsetBytes, data.readableBytes())) {
            calls.write(offsetBytes, data, durability, done);
            return;
        }
        new EdgeWrite(lower(), lock, done).start(offsetBytes, data, durability);
    }

    /** Discards the whole blocks of the range; the edges keep their content, as they may. */
    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        long start = blockEnd(offsetBytes);
        long end = blockStart(offsetBytes + lengthBytes);
        if (start < end) {
            calls.discard(start, end - start, done);
        } else {
            done.succeeded(Unpooled.EMPTY_BUFFER);
        }
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        if (isAligned(offsetBytes, lengthBytes)) {
            calls.writeZeroes(offsetBytes, lengthBytes, zeroing, durability, done);
        } else {
            new EdgeZeroing(this, durability, done).start(offsetBytes, lengthBytes, zeroing);
        }
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        if (isAligned(offsetBytes, lengthBytes)) {
            lower().blockStatus(offsetBytes, lengthBytes, done);
            return;
        }
        long start = blockStart(offsetBytes);
        long widened = blockEnd(offsetBytes + lengthBytes) - start;
        lower().blockStatus(start, widened, new CutExtents(offsetBytes - start, done));
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        long start = blockStart(offsetBytes);
        lower().prefetch(start, blockEnd(offsetBytes + lengthBytes) - start, done);
    }

    @Override
    public void close(Completion done) {
        lock.refuseWaiting(new BlockException(BlockError.SHUT_DOWN, "closed while waiting for another write"));
        lower().close(done);
    }

    boolean isAligned(long offsetBytes, long lengthBytes) {
        return ((offsetBytes | lengthBytes) & (blockBytes - 1)) == 0;
    }

    long blockStart(long offsetBytes) {
        return offsetBytes & -blockBytes;
    }

    long blockEnd(long offsetBytes) {
        return blockStart(offsetBytes + blockBytes - 1);
    }
}
