package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random overlapping traffic through the decorators over a disk that reorders and, in some runs, fails. */
@Tag("once")
class StackSimulationTest {

    private static final int REQUESTS = 20_000;
    private static final int SIZE_BYTES = 64 << 10;

    @Test
    void alignedKeepsEveryByteOnSmallBlocks() {
        Seeds.each(seed -> simulate(seed, 512, 0));
    }

    @Test
    void alignedKeepsEveryByteOnLargeBlocks() {
        Seeds.each(seed -> simulate(seed, 4096, 0));
    }

    @Test
    void alignedKeepsEveryByteWhileRequestsFail() {
        Seeds.each(seed -> simulate(seed, 512, 0.05));
    }

    private static void simulate(long seed, int blockBytes, double failing) {
        try (TestLoop loop = TestLoop.embedded()) {
            Geometry geometry = TestGeometry.of(SIZE_BYTES, blockBytes, 2 * blockBytes);
            MemoryBlockDevice memory = new MemoryBlockDevice(loop.loop(), geometry);
            FaultyBlockDevice faulty = new FaultyBlockDevice(memory).failingRandomly(failing, seed);
            BlockDevice slow = new DelayedBlockDevice(faulty, seed).releasingWithin(200);
            BlockDevice stack = new AlignedBlockDevice(new SplittingBlockDevice(new CheckedBlockDevice(slow)));
            BlockDevice top = new CheckedBlockDevice(stack);
            RandomTraffic traffic = new RandomTraffic(loop, top, seed);
            traffic.run(REQUESTS);
            if (failing == 0) {
                traffic.readEverything();
            } else {
                assertThat(traffic.failures()).isBetween(REQUESTS / 100, REQUESTS / 2);
            }
            DeviceUnderTest disk = new DeviceUnderTest(top, loop);
            disk.close();
            disk.verify();
            assertThat(memory.isClosed()).isTrue();
        }
    }
}
