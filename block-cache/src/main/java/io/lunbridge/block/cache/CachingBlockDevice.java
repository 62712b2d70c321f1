package io.lunbridge.block.cache;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Extent;
import io.lunbridge.block.ExtentsCompletion;
import io.lunbridge.block.Feature;
import io.lunbridge.block.ForwardingBlockDevice;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.lunbridge.block.Zeroing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads from memory where it can. Writes, zeroings and discards go down as they come and are answered when the
 * lower device has answered; their pages leave the cache before, and those of a write come back with its bytes when it has
 * succeeded and nothing else has changed them meanwhile. Only for units that nobody else writes: what another
 * host or another process changes is not seen here.
 *
 * <p>A read that is all there is answered before the call returns, with slices of the pages. One that is not goes down
 * as it is, and if it is not larger than {@link #MAX_FILL_BYTES}, the pages that it covers are kept.
 */
public final class CachingBlockDevice extends ForwardingBlockDevice {

    /** Larger reads are not kept: copying them costs more than a target that streams. */
    static final int MAX_FILL_BYTES = 64 << 10;

    /** Larger reads are not looked up. */
    static final int MAX_HIT_BYTES = 1 << 20;

    private final BlockCache cache;
    private final ReadAhead readAhead;
    private final PageKey key = new PageKey(0);
    private final RecentMisses recentMisses;
    private final ArrayDeque<Fill> idleFills = new ArrayDeque<>();
    private final ArrayDeque<Change> idleChanges = new ArrayDeque<>();
    private final KnownExtents known;
    private long hits;
    private long hitBytes;
    private long misses;
    private boolean closed;

    /**
     * A device on a cache, which it uses until it is closed.
     *
     * @param cache of this unit; other devices of it may share it
     * @param readAheadBytes most that is read ahead of one sequential reader; 0 for none
     */
    public CachingBlockDevice(BlockDevice lower, BlockCache cache, int readAheadBytes) {
        super(lower, CachingBlockDevice::prefetching);
        this.cache = cache;
        recentMisses = new RecentMisses((int) (cache.capacityBytes() >>> cache.pageShift()));
        readAhead = new ReadAhead(this, lower, readAheadBytes);
        known = new KnownExtents(cache.guard());
        cache.join();
        lower.addGeometryListener(new GeometryListener() {
            @Override
            public void geometryChanged(Geometry before, Geometry now) {
                forget();
            }

            @Override
            public void contentDoubtful() {
                forget();
            }

            @Override
            public void deviceGone(BlockException cause) {
                forget();
            }
        });
    }

    private static Geometry prefetching(Geometry lower) {
        EnumSet<Feature> features = EnumSet.of(Feature.PREFETCH);
        features.addAll(lower.features());
        return new Geometry(
                lower.sizeBytes(), lower.blockBytes(), lower.preferredBytes(), lower.maxTransferBytes(), features);
    }

    /** Nothing that was read before is believed any more. */
    private void forget() {
        if (!closed) {
            cache.clear();
            readAhead.forget();
        }
    }

    BlockCache cache() {
        return cache;
    }

    /** What was counted since the device was made; evictions and memory are those of the whole cache. On the loop. */
    public CacheStatistics statistics() {
        return new CacheStatistics(
                hits,
                hitBytes,
                misses,
                new CacheStatistics.Ahead(readAhead.hits(), readAhead.fetchedBytes()),
                new CacheStatistics.Pages(cache.evictions(), cache.heldBytes()));
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        if (closed) {
            lower().read(offsetBytes, lengthBytes, done);
            return;
        }
        ByteBuf found = lengthBytes <= MAX_HIT_BYTES ? find(offsetBytes, lengthBytes) : null;
        if (found != null) {
            hits++;
            hitBytes += lengthBytes;
            readAhead.follow(offsetBytes, lengthBytes);
            done.succeeded(found);
        } else if (!readAhead.take(offsetBytes, lengthBytes, done)) {
            readBelow(offsetBytes, lengthBytes, done);
            readAhead.follow(offsetBytes, lengthBytes);
        }
    }

    /** Reads from the lower device, and keeps it if it is small, worth it, and nothing changes it meanwhile. */
    void readBelow(long offsetBytes, int lengthBytes, Completion done) {
        misses++;
        boolean keeps = lengthBytes <= MAX_FILL_BYTES
                && lengthBytes >= cache.pageBytes()
                && (!cache.isFull() || recentMisses.noteAgain(offsetBytes >>> cache.pageShift()));
        if (!keeps) {
            lower().read(offsetBytes, lengthBytes, done);
            return;
        }
        Fill fill = idleFills.pollLast();
        if (fill == null) {
            fill = new Fill(this);
        }
        lower().read(offsetBytes, lengthBytes, fill.begin(offsetBytes, lengthBytes, done));
    }

    void recycle(Fill fill) {
        idleFills.addLast(fill);
    }

    void recycle(Change change) {
        idleChanges.addLast(change);
    }

    /** All of the range as slices of pages, or null. */
    private @Nullable ByteBuf find(long offsetBytes, int lengthBytes) {
        int shift = cache.pageShift();
        long first = offsetBytes >>> shift;
        int count = (int) (((offsetBytes + lengthBytes - 1) >>> shift) - first) + 1;
        int from = (int) (offsetBytes - (first << shift));
        if (count == 1) {
            return cache.slice(key, first, from, lengthBytes);
        }
        ByteBuf head = cache.slice(key, first, from, cache.pageBytes() - from);
        return head == null ? null : findRest(head, first, count, lengthBytes);
    }

    private @Nullable ByteBuf findRest(ByteBuf head, long first, int count, int lengthBytes) {
        ByteBuf[] parts = new ByteBuf[count];
        parts[0] = head;
        int left = lengthBytes - head.readableBytes();
        for (int i = 1; i < count; i++) {
            ByteBuf part = cache.slice(key, first + i, 0, Math.min(left, cache.pageBytes()));
            if (part == null) {
                for (int held = 0; held < i; held++) {
                    parts[held].release();
                }
                return null;
            }
            parts[i] = part;
            left -= part.readableBytes();
        }
        return Unpooled.wrappedBuffer(count, parts);
    }

    private Change change() {
        Change change = idleChanges.pollLast();
        return change == null ? new Change(this) : change;
    }

    private Change change(long offsetBytes, long lengthBytes, Completion done) {
        cache.changing(key, offsetBytes, lengthBytes);
        return change().begin(offsetBytes, lengthBytes, done);
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        int lengthBytes = data.readableBytes();
        long removed = cache.changing(key, offsetBytes, lengthBytes);
        Change change = change().begin(offsetBytes, lengthBytes, done);
        if (removed != 0 && lengthBytes <= MAX_FILL_BYTES) {
            change.keep(data, removed);
        }
        lower().write(offsetBytes, data, durability, change);
    }

    /** By what the last answer told of what follows, where nothing has changed it. */
    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        List<Extent> told = closed ? List.of() : known.from(offsetBytes);
        if (told.isEmpty()) {
            lower().blockStatus(offsetBytes, lengthBytes, known.query(offsetBytes, lengthBytes, done));
        } else {
            done.succeeded(told);
        }
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        lower().discard(offsetBytes, lengthBytes, change(offsetBytes, lengthBytes, done));
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        lower().writeZeroes(offsetBytes, lengthBytes, zeroing, durability, change(offsetBytes, lengthBytes, done));
    }

    /** Reads the range into the cache, or as much of its beginning as fits well. */
    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        if (closed) {
            lower().prefetch(offsetBytes, lengthBytes, done);
        } else {
            new Prefetch(this, lower(), offsetBytes, lengthBytes, done).start();
        }
    }

    boolean isClosed() {
        return closed;
    }

    boolean holds(long offsetBytes, int lengthBytes) {
        int shift = cache.pageShift();
        for (long page = offsetBytes >>> shift; page <= (offsetBytes + lengthBytes - 1) >>> shift; page++) {
            if (!cache.contains(key, page)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close(Completion done) {
        if (closed) {
            lower().close(done);
            return;
        }
        closed = true;
        lower().close(new Completion() {
            @Override
            public void succeeded(ByteBuf data) {
                leave();
                done.succeeded(data);
            }

            @Override
            public void failed(BlockException cause) {
                leave();
                done.failed(cause);
            }
        });
    }

    private void leave() {
        readAhead.forget();
        cache.leave();
    }
}
