package io.lunbridge.block.cache;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what is being changed and what has been, by extents of 64 KiB that share 4096 counters. Any thread may call it.
 *
 * <p>Two extents that share a counter look changed together; that costs a page that might have been kept, never more.
 */
final class ChangeGuard {

    static final int EXTENT_SHIFT = 16;
    static final int STRIPES = 4096;

    /** In the low half of a state: how many changes are under way. In the high half: how many have ended. */
    private static final long ONE_UNDER_WAY = 1;

    private static final long ONE_ENDED = 1L << Integer.SIZE;

    private final int extentShift;
    private final AtomicLongArray states = new AtomicLongArray(STRIPES);
    private final AtomicIntegerArray generations = new AtomicIntegerArray(STRIPES);

    ChangeGuard(int extentShift) {
        this.extentShift = extentShift;
    }

    long extent(long offsetBytes) {
        return offsetBytes >>> extentShift;
    }

    /** How it stands with an extent: the same twice means that nothing has begun or ended in between. */
    long state(long extent) {
        return states.get(stripe(extent));
    }

    /** How many changes were under way in an extent of that state. */
    static int underWay(long state) {
        return (int) state;
    }

    /** Which pages of the extent count: those of an earlier generation are as good as not there. */
    int generation(long extent) {
        return generations.get(stripe(extent));
    }

    /** The range is about to be changed. Comes before its pages are removed, and before the medium hears of it. */
    void begin(long offsetBytes, long lengthBytes) {
        add(offsetBytes, lengthBytes, ONE_UNDER_WAY);
    }

    /** The medium has answered, whatever it said. Exactly once for each {@link #begin}, with the same range. */
    void end(long offsetBytes, long lengthBytes) {
        add(offsetBytes, lengthBytes, ONE_ENDED - ONE_UNDER_WAY);
    }

    /** Makes all pages of the range's extents as good as not there. Between {@link #begin} and {@link #end}. */
    void forget(long offsetBytes, long lengthBytes) {
        long first = extent(offsetBytes);
        for (int i = 0, count = stripes(offsetBytes, lengthBytes); i < count; i++) {
            generations.incrementAndGet(stripe(first + i));
        }
    }

    private void add(long offsetBytes, long lengthBytes, long delta) {
        long first = extent(offsetBytes);
        for (int i = 0, count = stripes(offsetBytes, lengthBytes); i < count; i++) {
            states.addAndGet(stripe(first + i), delta);
        }
    }

    /** How many extents of a range, from its first one on, have counters of their own; those of the others are among them. */
    int stripes(long offsetBytes, long lengthBytes) {
        return (int) Math.min(STRIPES, extent(offsetBytes + lengthBytes - 1) - extent(offsetBytes) + 1);
    }

    private static int stripe(long extent) {
        return (int) extent & (STRIPES - 1);
    }
}
