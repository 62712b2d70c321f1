package io.lunbridge.daemon;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all caches of this process take together. A daemon's heap is fixed when it starts and has to hold what each page
 * costs in it, so {@code -Dlunbridge.cache.max=BYTES} tells how much there may be; without it there is no such limit.
 */
final class CacheMemory {

    private static final long MAX_BYTES = Long.getLong("lunbridge.cache.max", Long.MAX_VALUE);
    private static final AtomicLong TAKEN = new AtomicLong();

    private CacheMemory() {}

    /**
     * Takes so much, to be {@link #release released} once.
     *
     * @throws CommandException if it is too much; nothing is taken then
     */
    static void take(long bytes) throws CommandException {
        long taken = TAKEN.addAndGet(bytes);
        if (taken > MAX_BYTES) {
            TAKEN.addAndGet(-bytes);
            throw new CommandException(
                    ExitCode.FAILURE,
                    "the daemon's caches may take " + ByteSize.describe(MAX_BYTES) + " together and take "
                            + ByteSize.describe(taken - bytes) + " already; choose a smaller --cache, or start the"
                            + " daemon with LUNBRIDGE_CACHE_MAX=SIZE in its environment");
        }
    }

    static void release(long bytes) {
        TAKEN.addAndGet(-bytes);
    }
}
