package io.lunbridge.iscsi.disk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** Zeroes to be sent, always the same memory. */
final class ZeroBlocks {

    /** Most bytes of one write of zeroes. */
    static final int MAX_BYTES = 256 << 10;

    private static final ByteBuf ZEROES = Unpooled.unreleasableBuffer(
            Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(MAX_BYTES)).asReadOnly());

    private final int blockShift;

    ZeroBlocks(int blockShift) {
        this.blockShift = blockShift;
    }

    /** One block, for WRITE SAME. */
    ByteBuf one() {
        return bytes(1);
    }

    /** At most {@link #maxBlocks}. */
    ByteBuf bytes(int blocks) {
        return ZEROES.retainedSlice(0, blocks << blockShift);
    }

    int maxBlocks() {
        return MAX_BYTES >>> blockShift;
    }
}
