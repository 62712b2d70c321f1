package io.lunbridge.block.cache;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.nio.ByteBuffer;

/**
 * A page's bytes, never written after it was made. The cache holds one reference and each reply on its way one slice;
 * when the last lets go, the memory is the next page's. A page object is never used twice: one that was looked up just
 * before it was let go cannot be retained any more, and so cannot be taken for its successor.
 */
final class Page extends UnpooledDirectByteBuf {

    private final PageMemory memory;
    private final int slot;
    private final int generation;

    Page(PageMemory memory, int slot, ByteBuffer bytes, int generation) {
        super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.remaining());
        this.memory = memory;
        this.slot = slot;
        this.generation = generation;
    }

    /** {@link ChangeGuard#generation} of when it was put in. */
    int generation() {
        return generation;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        memory.free(slot);
    }
}
