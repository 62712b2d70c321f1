package io.lunbridge.block.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Pages of one unit, for as many devices as lead to it. Any thread may call it; calls from several event loops see one
 * content. Which pages stay is Caffeine's choice (W-TinyLFU: what is asked for often outlives what is asked for once).
 *
 * <p>Its memory is that of the pages, outside the heap, taken as it is needed and never more than asked for; in the heap
 * each page costs some 300 bytes besides. It is given back when the last {@link CachingBlockDevice} on it is closed.
 */
public final class BlockCache {

    /** Size of a page where the unit's blocks are not larger: what file systems read. */
    public static final int PAGE_BYTES = 4096;

    /** A cache smaller than this would hold little more than what is under way. */
    public static final long MIN_BYTES = 1 << 20;

    /** Ranges of more pages than this are forgotten by the extent, not page by page. */
    private static final long MAX_SINGLE_PAGES = 1024;

    /** One page of so many is kept for those that have been evicted while a reply with them is on its way. */
    private static final int SPARE_SHARE = 32;

    private final int pageShift;
    private final Runnable ended;
    private final PageMemory memory;
    private final int maxPages;
    private final ChangeGuard guard;
    private final Cache<PageKey, Page> pages;
    private final AtomicLong evictions = new AtomicLong();
    private final AtomicInteger users = new AtomicInteger();

    /**
     * An empty cache.
     *
     * @param sizeBytes of all its pages, at least {@link #MIN_BYTES}
     * @param blockBytes of the unit
     * @param ended told once, when the last device has left it, on that one's loop
     */
    public BlockCache(long sizeBytes, int blockBytes, Runnable ended) {
        this(sizeBytes, Math.max(PAGE_BYTES, blockBytes), new ChangeGuard(ChangeGuard.EXTENT_SHIFT), ended);
    }

    BlockCache(long sizeBytes, int pageBytes, ChangeGuard guard, Runnable ended) {
        this.guard = guard;
        this.ended = ended;
        pageShift = Integer.numberOfTrailingZeros(pageBytes);
        memory = new PageMemory(sizeBytes, pageBytes);
        int slots = memory.slots();
        maxPages = Math.max(1, slots - Math.max(1, slots / SPARE_SHARE));
        pages = Caffeine.newBuilder()
                .maximumWeight(maxPages * (long) pageBytes)
                .weigher((PageKey key, Page page) -> page.capacity())
                .executor(Runnable::run)
                .removalListener(this::removed)
                .build();
    }

    private void removed(@Nullable PageKey key, @Nullable Page page, RemovalCause cause) {
        if (cause.wasEvicted()) {
            evictions.incrementAndGet();
        }
        if (page != null) {
            page.release();
        }
    }

    int pageBytes() {
        return 1 << pageShift;
    }

    /** Whether each further page takes the place of another. */
    boolean isFull() {
        return memory.heldSlots() >= maxPages;
    }

    long capacityBytes() {
        return (long) memory.slots() << pageShift;
    }

    int pageShift() {
        return pageShift;
    }

    ChangeGuard guard() {
        return guard;
    }

    /** A part of a page as a slice of its own reference, or null where the page is not there. */
    @Nullable
    ByteBuf slice(PageKey key, long page, int fromBytes, int lengthBytes) {
        Page found = pages.getIfPresent(key.with(page));
        if (found == null || found.generation() != guard.generation(extentOf(page))) {
            return null;
        }
        try {
            return found.retainedSlice(fromBytes, lengthBytes);
        } catch (IllegalReferenceCountException e) {
            return null; // evicted by another loop since
        }
    }

    /** Whether a page is there, without counting as its use. */
    boolean contains(PageKey key, long page) {
        Page found = pages.policy().getIfPresentQuietly(key.with(page));
        return found != null && found.generation() == guard.generation(extentOf(page));
    }

    private long extentOf(long page) {
        return guard.extent(page << pageShift);
    }

    /** Copies the whole pages of what a read has brought, as far as the watch over the read still holds. */
    void fill(long offsetBytes, ByteBuf data, Watch watch) {
        long page = (offsetBytes + pageBytes() - 1) >>> pageShift;
        long end = (offsetBytes + data.readableBytes()) >>> pageShift;
        for (; page < end && watch.holds(); page++) {
            int index = data.readerIndex() + (int) ((page << pageShift) - offsetBytes);
            Page copy = copy(page, data, index);
            if (copy == null) {
                return;
            }
            put(page, copy, watch);
        }
    }

    /** A page with these bytes, which is not in the cache yet and the caller's; null where there is no room for it. */
    @Nullable
    Page copy(long number, ByteBuf data, int index) {
        int slot = memory.take();
        if (slot == PageMemory.NONE) {
            return null;
        }
        // Before the watch is asked: a generation that begins after that is not this page's.
        int generation = guard.generation(extentOf(number));
        var bytes = memory.bytes(slot);
        data.getBytes(index, bytes);
        bytes.flip();
        return new Page(memory, slot, bytes, generation);
    }

    /** Puts in a page, which it takes, if the watch over what its bytes come from still holds. */
    @SuppressWarnings("ReferenceEquality") // this very page, not one of the same bytes
    void put(long number, Page page, Watch watch) {
        Page kept = pages.asMap().compute(new PageKey(number), (key, old) -> watch.holds() ? page : old);
        if (kept != page) {
            page.release();
        }
    }

    /**
     * A range is about to be changed: its pages go, and none comes before {@link #changed} but by the change itself.
     *
     * @return which of the first 64 pages were there, the first one in the lowest bit
     */
    long changing(PageKey key, long offsetBytes, long lengthBytes) {
        guard.begin(offsetBytes, lengthBytes);
        long first = offsetBytes >>> pageShift;
        long last = (offsetBytes + lengthBytes - 1) >>> pageShift;
        if (last - first >= MAX_SINGLE_PAGES) {
            guard.forget(offsetBytes, lengthBytes);
            return 0;
        }
        long removed = 0;
        for (long page = first; page <= last; page++) {
            if (pages.asMap().remove(key.with(page)) != null && page - first < Long.SIZE) {
                removed |= 1L << (page - first);
            }
        }
        return removed;
    }

    /** The medium has answered a change, with success or not. Once for each {@link #changing}, with the same range. */
    void changed(long offsetBytes, long lengthBytes) {
        guard.end(offsetBytes, lengthBytes);
    }

    /** Nothing that was read so far counts any more, nor what is being read now. */
    void clear() {
        guard.begin(0, Long.MAX_VALUE);
        guard.forget(0, Long.MAX_VALUE);
        pages.invalidateAll();
        guard.end(0, Long.MAX_VALUE);
    }

    void join() {
        users.incrementAndGet();
    }

    /** One device less; with the last one, everything goes. */
    void leave() {
        if (users.decrementAndGet() == 0) {
            guard.begin(0, Long.MAX_VALUE); // for good: what comes late is not kept
            pages.invalidateAll();
            memory.close();
            ended.run();
        }
    }

    long evictions() {
        return evictions.get();
    }

    long heldBytes() {
        return pages.estimatedSize() << pageShift;
    }
}
