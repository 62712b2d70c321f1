package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Writes slices of the data, in order of the range. */
final class SplitWrite extends SplitTransfer {

    private final ByteBuf data;
    private final Durability durability;

    SplitWrite(BlockDevice lower, long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        super(lower, offsetBytes, data.readableBytes(), done);
        this.data = data;
        this.durability = durability;
    }

    @Override
    void startPart(int index, long partOffsetBytes, int partLengthBytes, Completion partDone) {
        lower.write(partOffsetBytes, data.readRetainedSlice(partLengthBytes), durability, partDone);
    }

    @Override
    void partSucceeded(int index, ByteBuf nothing) {
        nothing.release();
    }

    @Override
    void allSucceeded() {
        data.release();
        done.succeeded(Unpooled.EMPTY_BUFFER);
    }

    @Override
    void abandon() {
        data.release();
    }
}
