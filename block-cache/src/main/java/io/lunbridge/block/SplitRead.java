package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Reads in parts and joins them without copying. */
final class SplitRead extends SplitTransfer {

    /** In the order of the range; a part that has not arrived is the empty buffer. */
    private final ByteBuf[] parts;

    SplitRead(BlockDevice lower, long offsetBytes, int lengthBytes, Completion done) {
        super(lower, offsetBytes, lengthBytes, done);
        this.parts = new ByteBuf[partCount];
        Arrays.fill(parts, Unpooled.EMPTY_BUFFER);
    }

    @Override
    void startPart(int index, long partOffsetBytes, int partLengthBytes, Completion partDone) {
        lower.read(partOffsetBytes, partLengthBytes, partDone);
    }

    @Override
    void partSucceeded(int index, ByteBuf data) {
        parts[index] = data;
    }

    @Override
    void allSucceeded() {
        done.succeeded(Unpooled.wrappedBuffer(partCount, parts)); // with fewer components it would copy
    }

    @Override
    void abandon() {
        for (ByteBuf part : parts) {
            part.release();
        }
    }
}
