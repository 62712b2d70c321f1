package io.lunbridge.bench;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.cache.BlockCache;
import io.lunbridge.block.cache.CachingBlockDevice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The cache, per 4 KiB read that it has, and per one that it has not and takes in; and the disk below alone. */
@State(Scope.Thread)
public class CacheBenchmark {

    private static final int BLOCK_BYTES = 4096;
    private static final long DISK_BYTES = 1L << 30;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final MemoryBlockDevice memory = MemoryBlockDevice.of(channel.eventLoop(), DISK_BYTES);
    private final CachingBlockDevice caching = new CachingBlockDevice(
            memory, new BlockCache(BlockCache.MIN_BYTES, memory.geometry().blockBytes(), () -> {}), 0);
    private final Counter counter = new Counter();
    private long lastOffsetBytes;

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long hit() {
        for (int i = 0; i < Benchmarks.BATCH; i++) {
            caching.read((long) i * BLOCK_BYTES, BLOCK_BYTES, counter);
        }
        return counter.bytes;
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long miss() {
        return readOn(caching);
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long withoutCache() {
        return readOn(memory);
    }

    private long readOn(BlockDevice device) {
        for (int i = 0; i < Benchmarks.BATCH; i++) {
            lastOffsetBytes = (lastOffsetBytes + BLOCK_BYTES) % DISK_BYTES;
            device.read(lastOffsetBytes, BLOCK_BYTES, counter);
        }
        return counter.bytes;
    }

    @TearDown
    public void close() {
        caching.close(counter);
        channel.finishAndReleaseAll();
    }

    private static final class Counter implements Completion {

        private long bytes;

        @Override
        public void succeeded(ByteBuf data) {
            bytes += data.readableBytes();
            data.release();
        }

        @Override
        public void failed(BlockException cause) {
            throw new IllegalStateException(cause);
        }
    }
}
