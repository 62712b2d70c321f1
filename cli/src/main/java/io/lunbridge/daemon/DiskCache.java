package io.lunbridge.daemon;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.cache.BlockCache;
import io.lunbridge.block.cache.CacheStatistics;
import io.lunbridge.block.cache.CachingBlockDevice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cache of a LUN that is served, for all the devices that lead to it; or none, where none is wanted. Any thread may
 * call it.
 */
final class DiskCache {

    private final CacheSettings settings;
    private final List<CachingBlockDevice> devices = new ArrayList<>();
    private @Nullable BlockCache cache;

    DiskCache(CacheSettings settings) {
        this.settings = settings;
    }

    /**
     * The device with the cache over it. Called on its loop.
     *
     * @throws CommandException if this process has no room for it
     */
    synchronized BlockDevice over(BlockDevice lower) throws CommandException {
        if (settings.isOff()) {
            return lower;
        }
        BlockCache shared = cache;
        if (shared == null) {
            long bytes = settings.sizeBytes();
            CacheMemory.take(bytes);
            shared = new BlockCache(bytes, lower.geometry().blockBytes(), () -> CacheMemory.release(bytes));
            cache = shared;
        }
        CachingBlockDevice caching = new CachingBlockDevice(lower, shared, settings.readAheadBytes());
        devices.add(caching);
        return caching;
    }

    /** What was counted, of each device that is on the loop of {@code disk}; null without a cache. On that loop. */
    synchronized @Nullable CacheStatistics statistics(BlockDevice disk) {
        return devices.stream()
                .filter(device -> device.eventLoop().equals(disk.eventLoop()))
                .map(CachingBlockDevice::statistics)
                .reduce(CacheStatistics::plus)
                .orElse(null);
    }
}
