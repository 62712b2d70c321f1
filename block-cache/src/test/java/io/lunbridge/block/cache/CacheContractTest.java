package io.lunbridge.block.cache;

import io.lunbridge.block.AlignedBlockDevice;
import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockDeviceContract;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.SliceBlockDevice;
import io.lunbridge.block.SplittingBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.block.TestLoop;
import org.junit.jupiter.api.Nested;

/** The caching device keeps the contract, by itself and in the stacks that are really built. */
class CacheContractTest {

    private static final long SEED = 20_261_123;

    @SuppressWarnings("NullAway.Init") // each test opens its device first
    private MemoryBlockDevice memory;

    private BlockDevice caching(TestLoop loop, int maxTransferBytes, boolean atOnce, int readAheadBytes) {
        memory = new MemoryBlockDevice(loop.loop(), TestGeometry.of(1 << 20, 512, maxTransferBytes));
        BlockDevice lower = atOnce ? memory : new DelayedBlockDevice(memory, SEED).releasingWithin(300);
        return new CachingBlockDevice(
                new SplittingBlockDevice(lower), new BlockCache(BlockCache.MIN_BYTES, 512, () -> {}), readAheadBytes);
    }

    abstract class Resizable extends BlockDeviceContract {
        @Override
        public boolean resizeBy(long bytes) {
            disk().loop().run(() -> memory.resizeBy(bytes));
            return true;
        }
    }

    @Nested
    class AtOnce extends Resizable {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return caching(loop, 1 << 20, true, 0);
        }
    }

    @Nested
    class ReadingAheadAtOnce extends Resizable {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return caching(loop, 8192, true, 64 << 10);
        }
    }

    @Nested
    class ReadingAheadReordering extends Resizable {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(caching(loop, 8192, false, 256 << 10));
        }
    }

    @Nested
    class InTheWholeStack extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            BlockDevice slice = new SliceBlockDevice(caching(loop, 4096, false, 64 << 10), 5 * 512, 512 * 1500);
            return new CheckedBlockDevice(new AlignedBlockDevice(slice));
        }
    }
}
