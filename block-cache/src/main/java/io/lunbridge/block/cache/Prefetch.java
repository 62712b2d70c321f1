package io.lunbridge.block.cache;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Geometry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Brings a range into the cache, one part after the other, as somebody asked for. It is advice: what cannot be read is
 * left out, and no more is read than half the cache holds.
 */
final class Prefetch implements Completion {

    private static final int PART_BYTES = 256 << 10;

    private final CachingBlockDevice device;
    private final BlockDevice lower;
    private final Watch watch;
    private final Completion done;
    private final long endBytes;
    private long offsetBytes;
    private int partBytes;

    /** Whether a part is being asked for by the loop below, which then goes on by itself if it is answered at once. */
    private boolean asking;

    private boolean answered;

    Prefetch(CachingBlockDevice device, BlockDevice lower, long offsetBytes, long lengthBytes, Completion done) {
        this.device = device;
        this.lower = lower;
        // Whole pages, as parts of one are not kept.
        int pageBytes = device.cache().pageBytes();
        this.offsetBytes = offsetBytes - offsetBytes % pageBytes;
        long end = offsetBytes + Math.min(lengthBytes, device.cache().capacityBytes() / 2);
        this.endBytes = end + (-end & (pageBytes - 1));
        this.done = done;
        watch = new Watch(device.cache().guard());
    }

    void start() {
        asking = true;
        do {
            answered = true;
            if (!part()) {
                done.succeeded(Unpooled.EMPTY_BUFFER);
                return;
            }
        } while (answered);
        asking = false;
    }

    /** Asks for the next part that is not there; false where there is none. */
    private boolean part() {
        Geometry geometry = lower.geometry();
        long end = Math.min(endBytes, geometry.sizeBytes());
        int mostBytes = Math.min(PART_BYTES, geometry.maxTransferBytes());
        while (offsetBytes < end) {
            partBytes = (int) Math.min(mostBytes, end - offsetBytes);
            if (!device.holds(offsetBytes, partBytes)) {
                answered = false;
                watch.begin(offsetBytes, partBytes);
                lower.read(offsetBytes, partBytes, this);
                return true;
            }
            offsetBytes += partBytes;
        }
        return false;
    }

    @Override
    public void succeeded(ByteBuf data) {
        device.cache().fill(offsetBytes, data, watch);
        data.release();
        offsetBytes += partBytes;
        answered = true;
        if (!asking) {
            start();
        }
    }

    @Override
    public void failed(BlockException cause) {
        if (device.isClosed()) {
            done.failed(cause);
            return;
        }
        offsetBytes = endBytes;
        answered = true;
        if (!asking) {
            start();
        }
    }
}
