package io.lunbridge.block.cache;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A write, a zeroing or a discard that is with the lower device. Its pages are gone: the medium may hold some of a change
 * that failed. Those of a write that succeeds come back with its bytes. One object for one change at a time.
 */
final class Change implements Completion {

    private final CachingBlockDevice device;
    private final Watch watch;
    private @Nullable Page[] copies = new @Nullable Page[0];
    private int copiesUsed;
    private long offsetBytes;
    private long lengthBytes;
    private Completion done;

    Change(CachingBlockDevice device) {
        this.device = device;
        watch = new Watch(device.cache().guard());
        done = this;
    }

    /** Called when the cache has been told of the change. */
    Change begin(long newOffsetBytes, long newLengthBytes, Completion newDone) {
        offsetBytes = newOffsetBytes;
        lengthBytes = newLengthBytes;
        done = newDone;
        return this;
    }

    /**
     * Copies those pages that were there, where all of them is written. Called before the lower device hears of the write.
     *
     * @param removed as {@link BlockCache#changing} has told it
     */
    void keep(ByteBuf data, long removed) {
        BlockCache cache = device.cache();
        watch.beginWithin(offsetBytes, lengthBytes);
        int shift = cache.pageShift();
        long first = offsetBytes >>> shift;
        int count = Long.SIZE - Long.numberOfLeadingZeros(removed);
        if (copies.length < count) {
            copies = new @Nullable Page[count];
        }
        copiesUsed = count;
        for (int i = 0; i < count; i++) {
            long from = ((first + i) << shift) - offsetBytes;
            boolean whole = from >= 0 && from + cache.pageBytes() <= lengthBytes;
            boolean wanted = whole && (removed >>> i & 1) != 0 && watch.holds();
            copies[i] = wanted ? cache.copy(first + i, data, data.readerIndex() + (int) from) : null;
        }
    }

    @Override
    public void succeeded(ByteBuf data) {
        long first = offsetBytes >>> device.cache().pageShift();
        for (int i = 0; i < copiesUsed; i++) {
            Page copy = copies[i];
            if (copy != null) {
                copies[i] = null;
                device.cache().put(first + i, copy, watch);
            }
        }
        ended().succeeded(data);
    }

    @Override
    public void failed(BlockException cause) {
        for (int i = 0; i < copiesUsed; i++) {
            Page copy = copies[i];
            if (copy != null) {
                copies[i] = null;
                copy.release();
            }
        }
        ended().failed(cause);
    }

    private Completion ended() {
        copiesUsed = 0;
        device.cache().changed(offsetBytes, lengthBytes);
        Completion told = done;
        device.recycle(this);
        return told;
    }
}
