package io.lunbridge.measure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;

/** What is written: parts of some random bytes, each request another, so that no target can store one for all. */
final class WriteData implements AutoCloseable {

    private static final int MORE_BYTES = 1 << 20;
    private static final int STEP_BYTES = 512 + 8;

    private final ByteBuf bytes;
    private final int blockBytes;
    private int lastIndex;

    WriteData(int blockBytes, long seed) {
        this.blockBytes = blockBytes;
        bytes = Unpooled.directBuffer(blockBytes + MORE_BYTES);
        SplittableRandom random = new SplittableRandom(seed);
        while (bytes.writableBytes() >= Long.BYTES) {
            bytes.writeLong(random.nextLong());
        }
        bytes.writeZero(bytes.writableBytes());
    }

    /** A slice, whose release is the receiver's. */
    ByteBuf next() {
        lastIndex = (lastIndex + STEP_BYTES) % MORE_BYTES;
        return bytes.retainedSlice(lastIndex, blockBytes);
    }

    @Override
    public void close() {
        bytes.release();
    }
}
