package io.lunbridge.block;

/** What a device can do beyond reading. Asked once, before the data path, and kept. */
public enum Feature {
    /** Takes write, discard and writeZeroes at all. */
    WRITE,
    /** Takes flush, and it means something. */
    FLUSH,
    /** Honours {@link Durability#DURABLE} by itself; without it the caller writes, then flushes. */
    DURABLE_WRITE,
    /** Discard has an effect. */
    DISCARD,
    /** Takes writeZeroes. */
    WRITE_ZEROES,
    /** Can tell whether zeroing is faster than writing ({@link Zeroing#onlyIfFast()}). */
    FAST_ZERO,
    /** Knows which blocks are allocated; without it everything is reported as data. */
    BLOCK_STATUS,
    /** Prefetch has an effect. */
    PREFETCH,
    /** Several connections see one device: a flush on one covers the answered writes of all. */
    SHARED,
    /** The medium rotates, so nearby requests are cheaper than far ones. */
    ROTATIONAL
}
