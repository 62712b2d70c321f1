package io.lunbridge.block.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory outside the heap for a fixed number of pages. It is taken from the system in chunks as the pages are first
 * used, kept until {@link #close}, and given back when the last page is free. Any thread may call it; none waits.
 */
final class PageMemory {

    static final int NONE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(PageMemory.class);
    private static final int CHUNK_BYTES = 1 << 20;

    private final int pageBytes;
    private final int pagesPerChunk;
    private final int slots;
    private final AtomicReferenceArray<@Nullable ByteBuf> chunks;

    /** A stack of free slots: the topmost in the low half; the high half makes each state of the stack another one. */
    private final AtomicLong free = new AtomicLong(NONE & 0xffff_ffffL);

    private final int[] below;
    private final AtomicInteger unused = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private volatile boolean closed;

    PageMemory(long bytes, int pageBytes) {
        this.pageBytes = pageBytes;
        slots = Math.toIntExact(bytes / pageBytes);
        pagesPerChunk = Math.min(slots, CHUNK_BYTES / pageBytes);
        chunks = new AtomicReferenceArray<>((slots + pagesPerChunk - 1) / pagesPerChunk);
        below = new int[slots];
    }

    int slots() {
        return slots;
    }

    /** How many slots are taken now. */
    int heldSlots() {
        return held.get();
    }

    /** A slot that nobody uses; {@link #NONE} if there is none, or no memory for it. */
    int take() {
        for (long top = free.get(); (int) top != NONE; top = free.get()) {
            int slot = (int) top;
            if (free.compareAndSet(top, next(top, below[slot]))) {
                return held(slot);
            }
        }
        if (closed || unused.get() >= slots) {
            return NONE;
        }
        int slot = unused.getAndIncrement();
        if (slot >= slots) {
            unused.set(slots);
            return NONE;
        }
        return held(slot);
    }

    private int held(int slot) {
        ByteBuf chunk = chunk(slot / pagesPerChunk);
        if (chunk == null) {
            return NONE; // and the slot is lost, as it has no memory
        }
        chunk.retain();
        held.incrementAndGet();
        return slot;
    }

    private @Nullable ByteBuf chunk(int index) {
        ByteBuf chunk = chunks.get(index);
        if (chunk != null || closed) {
            return closed ? null : chunk;
        }
        try {
            ByteBuf fresh = Unpooled.directBuffer(pagesPerChunk * pageBytes);
            if (chunks.compareAndSet(index, null, fresh)) {
                return fresh;
            }
            fresh.release();
            return chunks.get(index);
        } catch (OutOfMemoryError e) {
            LOG.warn("the block cache stays smaller than it was asked to be: {}", e.getMessage());
            unused.set(slots);
            return null;
        }
    }

    /** The bytes of a slot that was taken. */
    ByteBuffer bytes(int slot) {
        return chunkOf(slot).nioBuffer((slot % pagesPerChunk) * pageBytes, pageBytes);
    }

    /** Gives back a slot that was taken. */
    void free(int slot) {
        ByteBuf chunk = chunkOf(slot);
        held.decrementAndGet();
        push(slot);
        chunk.release();
    }

    private ByteBuf chunkOf(int slot) {
        ByteBuf chunk = chunks.get(slot / pagesPerChunk);
        if (chunk == null) {
            throw new IllegalStateException("slot " + slot + " has no memory");
        }
        return chunk;
    }

    private void push(int slot) {
        long top = free.get();
        while (true) {
            below[slot] = (int) top;
            if (free.compareAndSet(top, next(top, slot))) {
                return;
            }
            top = free.get();
        }
    }

    private static long next(long top, int slot) {
        return (((top >>> Integer.SIZE) + 1) << Integer.SIZE) | (slot & 0xffff_ffffL);
    }

    /** Takes no more; a page that a reply still holds keeps its chunk until it is sent. Called once, by the last user. */
    void close() {
        closed = true;
        for (int i = 0; i < chunks.length(); i++) {
            ByteBuf chunk = chunks.get(i);
            if (chunk != null) {
                chunk.release();
            }
        }
    }
}
