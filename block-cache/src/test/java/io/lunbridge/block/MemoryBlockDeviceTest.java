package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryBlockDeviceTest {

    @Nested
    class AnsweringAtOnce extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return MemoryBlockDevice.of(loop.loop(), 1 << 20);
        }
    }

    @Nested
    class AnsweringLater extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return MemoryBlockDevice.of(loop.loop(), 1 << 20).answerLater();
        }
    }

    @Nested
    class OfOneByteBlocksWithoutFastZero extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            Geometry geometry = TestGeometry.of(1 << 20, 1, 65536);
            return new MemoryBlockDevice(
                    loop.loop(), TestGeometry.without(geometry, Feature.FAST_ZERO, Feature.BLOCK_STATUS));
        }
    }

    @Nested
    class OnARealLoop extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return MemoryBlockDevice.of(loop.loop(), 1 << 20).answerLater();
        }

        @Override
        protected TestLoop newLoop() {
            return TestLoop.nio();
        }
    }

    @Nested
    class Delayed extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new DelayedBlockDevice(MemoryBlockDevice.of(loop.loop(), 1 << 20), 42).releasingWithin(500);
        }
    }

    @Nested
    class Faulty extends BlockDeviceContract {
        @Override
        protected BlockDevice open(TestLoop loop) {
            return new FaultyBlockDevice(MemoryBlockDevice.of(loop.loop(), 1 << 20));
        }
    }

    @Test
    void knowsItsHoles() {
        try (TestLoop loop = TestLoop.embedded()) {
            MemoryBlockDevice memory = MemoryBlockDevice.of(loop.loop(), 1 << 20);
            DeviceUnderTest disk = new DeviceUnderTest(memory, loop);
            disk.write(1024, new byte[512]);
            assertThat(disk.blockStatus(0, 4096))
                    .containsExactly(
                            new Extent(1024, true, true), new Extent(512, false, false), new Extent(2560, true, true));
            disk.writeZeroes(0, 512, Zeroing.KEEP_ALLOCATED).data();
            disk.discard(1024, 512);
            assertThat(memory.bytes().allocatedPages()).isEqualTo(1);
        }
    }

    @Test
    void tellsThatItChanged() {
        try (TestLoop loop = TestLoop.embedded()) {
            MemoryBlockDevice memory = MemoryBlockDevice.of(loop.loop(), 1 << 20);
            List<Geometry> told = new ArrayList<>();
            memory.addGeometryListener(new GeometryListener() {
                @Override
                public void geometryChanged(Geometry before, Geometry now) {
                    told.add(now);
                }

                @Override
                public void deviceGone(BlockException cause) {}
            });
            memory.change(TestGeometry.resized(memory.geometry(), 2 << 20));
            assertThat(told).containsExactly(memory.geometry());
            assertThat(memory.geometry().sizeBytes()).isEqualTo(2 << 20);
        }
    }

    @Test
    void failsAndDelaysWhatItIsTold() {
        try (TestLoop loop = TestLoop.embedded()) {
            FaultyBlockDevice faulty = new FaultyBlockDevice(MemoryBlockDevice.of(loop.loop(), 4096))
                    .failing(request -> request.kind() == TestRequest.Kind.FLUSH)
                    .with(BlockError.NO_SPACE);
            DelayedBlockDevice delayed = new DelayedBlockDevice(faulty, 1);
            DeviceUnderTest disk = new DeviceUnderTest(delayed, loop);
            RecordingCompletion flush = disk.start(delayed::flush);
            RecordingCompletion write = disk.startWrite(0, new byte[512]);
            assertThat(flush.isDone() || write.isDone()).isFalse();
            assertThat(delayed.held()).isEqualTo(2);
            delayed.releaseAll();
            assertThat(flush.error()).isEqualTo(BlockError.NO_SPACE);
            assertThat(write.hasSucceeded()).isTrue();
            disk.close();
            disk.verify();
        }
    }
}
