package io.lunbridge.block.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.DeviceUnderTest;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.RandomTraffic;
import io.lunbridge.block.Seeds;
import io.lunbridge.block.SplittingBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.block.TestLoop;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random overlapping traffic through one or two caching devices over a disk that reorders and, in some runs, fails. */
class CacheSimulationTest {

    private static final int REQUESTS = 6_000;
    private static final int SIZE_BYTES = 122 << 10;
    private static final int PAGE_BYTES = 512;

    @Test
    void neverShowsOldBytes() {
        Seeds.each(seed -> simulate(seed, 32 << 10, 0, 0));
    }

    @Test
    void neverShowsOldBytesWhileReadingAhead() {
        Seeds.each(seed -> simulate(seed, 32 << 10, 2 << 10, 0));
    }

    @Test
    void neverShowsOldBytesWhenNothingIsEvicted() {
        Seeds.each(seed -> simulate(seed, 122 << 10, 4 << 10, 0));
    }

    @Test
    void neverShowsOldBytesWhileRequestsFail() {
        Seeds.each(seed -> simulate(seed, 32 << 10, 2 << 10, 0.05));
    }

    /** Two ways to one medium, as lanes are, which share a cache. */
    private static void simulate(long seed, int cacheBytes, int readAheadBytes, double failing) {
        try (TestLoop loop = TestLoop.embedded()) {
            Geometry geometry = TestGeometry.of(SIZE_BYTES, 512, 2048);
            MemoryBlockDevice memory = new MemoryBlockDevice(loop.loop(), geometry);
            BlockCache cache = new BlockCache(cacheBytes, PAGE_BYTES, new ChangeGuard(9), () -> {});
            CachingBlockDevice one = lane(memory, cache, readAheadBytes, failing, seed);
            CachingBlockDevice other = lane(memory.another(), cache, readAheadBytes, failing, seed + 1);
            List<BlockDevice> tops = List.of(new CheckedBlockDevice(one), new CheckedBlockDevice(other));
            RandomTraffic traffic = new RandomTraffic(loop, tops, seed);
            traffic.run(REQUESTS);
            assertThat(one.statistics().hits()).isPositive();
            assertThat(one.statistics().readAhead().hits()
                                    + other.statistics().readAhead().hits()
                            > 0)
                    .isEqualTo(readAheadBytes > 0);
            if (failing == 0) {
                traffic.readEverything();
            } else {
                assertThat(traffic.failures()).isPositive();
            }
            for (BlockDevice top : tops) {
                DeviceUnderTest disk = new DeviceUnderTest(top, loop);
                disk.close();
                disk.verify();
            }
        }
    }

    private static CachingBlockDevice lane(
            MemoryBlockDevice medium, BlockCache cache, int readAheadBytes, double failing, long seed) {
        FaultyBlockDevice faulty = new FaultyBlockDevice(medium).failingRandomly(failing, seed);
        BlockDevice slow = new DelayedBlockDevice(faulty, seed).releasingWithin(200);
        return new CachingBlockDevice(new SplittingBlockDevice(new CheckedBlockDevice(slow)), cache, readAheadBytes);
    }
}
