package io.lunbridge.block;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;

/** Every decorator, and the stacks that are really built, keep the contract. */
class DecoratorsContractTest {

    private static final long SEED = 20_261_122;

    @SuppressWarnings("NullAway.Init") // each test opens its device first
    private MemoryBlockDevice memory;

    private MemoryBlockDevice memory(TestLoop loop, int blockBytes, int maxTransferBytes) {
        memory = new MemoryBlockDevice(loop.loop(), TestGeometry.of(1 << 20, blockBytes, maxTransferBytes));
        return memory;
    }

    /** What stands on a disk whose end is the disk's own. */
    abstract class ToTheEnd extends BlockDeviceContract {
        @Override
        public boolean resizeBy(long bytes) {
            disk().loop().run(() -> memory.resizeBy(bytes));
            return true;
        }
    }

    private static BlockDevice reordering(BlockDevice lower) {
        return new DelayedBlockDevice(lower, SEED).releasingWithin(300);
    }

    private static BlockDevice wholeStack(BlockDevice bottom, long startBytes, long lengthBytes) {
        BlockDevice split = new SplittingBlockDevice(bottom);
        BlockDevice slice = new SliceBlockDevice(split, startBytes, lengthBytes);
        return new CheckedBlockDevice(new AlignedBlockDevice(slice));
    }

    @Nested
    class Checked extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(memory(loop, 512, 1 << 20).answerLater());
        }
    }

    @Nested
    class AlignedAtOnce extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(new AlignedBlockDevice(memory(loop, 512, 1 << 20)));
        }
    }

    @Nested
    class AlignedOnLargeBlocksReordering extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(new AlignedBlockDevice(reordering(memory(loop, 4096, 1 << 20))));
        }
    }

    @Nested
    class AlignedOnOneBlockAtOnce extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(new AlignedBlockDevice(reordering(memory(loop, 512, 1024))));
        }
    }

    @Nested
    class Slice extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(new SliceBlockDevice(memory(loop, 512, 1 << 20), 3 * 512, 512 * 1001));
        }
    }

    @Nested
    class SliceToTheEnd extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(SliceBlockDevice.from(memory(loop, 512, 1 << 20), 3 * 512));
        }
    }

    @Nested
    class WholeStackToTheEnd extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            BlockDevice split = new SplittingBlockDevice(reordering(memory(loop, 512, 8192)));
            return new CheckedBlockDevice(new AlignedBlockDevice(SliceBlockDevice.from(split, 5 * 512)));
        }
    }

    @Nested
    class Splitting extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(new SplittingBlockDevice(memory(loop, 512, 1536)));
        }
    }

    @Nested
    class SplittingReordering extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new CheckedBlockDevice(new SplittingBlockDevice(reordering(memory(loop, 512, 1536))));
        }
    }

    @Nested
    class ReadOnly extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new ReadOnlyBlockDevice(memory(loop, 512, 1 << 20));
        }
    }

    @Nested
    class DeferredAndThere extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            DeferredBlockDevice deferred = deferred(loop);
            loop.run(() -> deferred.supply(reordering(memory)));
            return new CheckedBlockDevice(deferred);
        }
    }

    @Nested
    class DeferredAndSuppliedWhenItHasBeenAsked extends ToTheEnd {
        @Override
        protected BlockDevice open(TestLoop loop) {
            DeferredBlockDevice deferred = deferred(loop);
            Future<?> unused = loop.loop().schedule(() -> deferred.supply(memory), 1, TimeUnit.MILLISECONDS);
            return new CheckedBlockDevice(deferred);
        }

        @Override
        public boolean resizeBy(long bytes) {
            disk().awaitAll();
            disk().read(0, 512); // waits until it is there
            return super.resizeBy(bytes);
        }
    }

    private DeferredBlockDevice deferred(TestLoop loop) {
        return new DeferredBlockDevice(
                loop.loop(), memory(loop, 512, 1 << 20).answerLater().geometry());
    }

    @Nested
    class WholeStack extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return wholeStack(reordering(memory(loop, 512, 8192)), 5 * 512, 512 * 1500);
        }
    }

    @Nested
    class WholeStackOnARealLoop extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return wholeStack(memory(loop, 4096, 16384).answerLater(), 4096, 512 * 1024);
        }

        @Override
        protected TestLoop newLoop() {
            return TestLoop.nio();
        }
    }
}
