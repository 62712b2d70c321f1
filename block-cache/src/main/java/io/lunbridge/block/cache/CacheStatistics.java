package io.lunbridge.block.cache;

/**
 * What a cache, or one device of it, has done. Bytes are those of the requests.
 *
 * @param hits reads that were answered from pages
 * @param hitBytes what they were given
 * @param misses reads that went to the lower device
 * @param readAhead what was read before it was asked for
 * @param pages the memory of the whole cache
 */
public record CacheStatistics(long hits, long hitBytes, long misses, Ahead readAhead, Pages pages) {

    /**
     * What was read before it was asked for.
     *
     * @param hits reads that were answered from it, also those that waited for it
     * @param bytes how much it was, of use or not
     */
    public record Ahead(long hits, long bytes) {}

    /**
     * What the cache holds.
     *
     * @param evictions pages that gave way to others
     * @param heldBytes memory of the pages that are held now
     */
    public record Pages(long evictions, long heldBytes) {}

    /** What two devices of one cache have done together. */
    public CacheStatistics plus(CacheStatistics other) {
        return new CacheStatistics(
                hits + other.hits,
                hitBytes + other.hitBytes,
                misses + other.misses,
                new Ahead(readAhead.hits + other.readAhead.hits, readAhead.bytes + other.readAhead.bytes),
                other.pages);
    }

    /** Of 100 reads, how many did not have to go to the target; 0 where there were none. */
    public long hitPercent() {
        long served = hits + readAhead.hits;
        long all = served + misses;
        return all == 0 ? 0 : served * 100 / all;
    }
}
