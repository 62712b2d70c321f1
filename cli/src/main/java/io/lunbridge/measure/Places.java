package io.lunbridge.measure;

import io.lunbridge.measure.Workload.Order;
import java.util.SplittableRandom;

/** Where the next request goes. */
final class Places {

    private final Order order;
    private final int blockBytes;
    private final long blocks;
    private final SplittableRandom random;
    private long lastBlock = -1;

    /** @param sizeBytes of the device, at least one block */
    Places(Workload workload, long sizeBytes, long seed) {
        order = workload.order();
        blockBytes = workload.blockBytes();
        blocks = sizeBytes / blockBytes;
        random = new SplittableRandom(seed);
    }

    /** An offset in bytes; after the last block comes the first. */
    long next() {
        lastBlock = order == Order.RANDOM ? random.nextLong(blocks) : (lastBlock + 1) % blocks;
        return lastBlock * blockBytes;
    }
}
