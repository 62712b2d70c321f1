package io.lunbridge.block.cache;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;

/** A read that the cache could not answer: what it brings is kept, if it may be. One object for one read at a time. */
final class Fill implements Completion {

    private final CachingBlockDevice device;
    private final Watch watch;
    private long offsetBytes;
    private int lengthBytes;
    private Completion done;

    Fill(CachingBlockDevice device) {
        this.device = device;
        watch = new Watch(device.cache().guard());
        done = this;
    }

    /** Called before the lower device hears of the read. */
    Fill begin(long newOffsetBytes, int newLengthBytes, Completion newDone) {
        offsetBytes = newOffsetBytes;
        lengthBytes = newLengthBytes;
        done = newDone;
        watch.begin(newOffsetBytes, newLengthBytes);
        return this;
    }

    @Override
    public void succeeded(ByteBuf data) {
        if (data.readableBytes() == lengthBytes) {
            device.cache().fill(offsetBytes, data, watch);
        }
        Completion told = done;
        device.recycle(this);
        told.succeeded(data);
    }

    @Override
    public void failed(BlockException cause) {
        Completion told = done;
        device.recycle(this);
        told.failed(cause);
    }
}
