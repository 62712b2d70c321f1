package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Slices and read-only views, and how a change of the disk is seen through a stack. */
class GeometryOfDecoratorsTest {

    private final TestLoop loop = TestLoop.embedded();
    private final MemoryBlockDevice memory = MemoryBlockDevice.of(loop.loop(), 1 << 20);

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void aSliceIsItsOwnDisk() {
        SliceBlockDevice slice = new SliceBlockDevice(memory, 1024, 2048);
        DeviceUnderTest disk = new DeviceUnderTest(slice, loop);
        disk.write(0, pattern(2048, 1));
        assertThat(slice.geometry().sizeBytes()).isEqualTo(2048);
        assertThat(new DeviceUnderTest(memory, loop).read(1024, 2048)).isEqualTo(pattern(2048, 1));
        assertThat(memory.bytes().allocatedPages()).isEqualTo(4);
    }

    @Test
    void aSliceOutsideTheDiskIsRefusedWithItsNumbers() {
        refuses(0, (1 << 20) + 512, "1049088 bytes at offset 0 is not inside the disk of 1048576 bytes");
        refuses(1 << 20, 512, "not inside");
        refuses(-512, 1024, "not inside");
        refuses(512, 0, "not inside");
        refuses(Long.MAX_VALUE - 511, 512, "not inside");
        refuses(512, Long.MAX_VALUE, "not inside");
        refuses(100, 512, "not in whole blocks of 512 bytes");
        refuses(512, 100, "not in whole blocks of 512 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SliceBlockDevice.from(memory, 1 << 20))
                .withMessageContaining("not inside");
    }

    @Test
    void aSliceToTheEndFollowsTheEnd() {
        SliceBlockDevice toEnd = SliceBlockDevice.from(memory, 4096);
        SliceBlockDevice fixed = new SliceBlockDevice(memory, 4096, 8192);
        memory.change(TestGeometry.resized(memory.geometry(), 2 << 20));
        assertThat(toEnd.geometry().sizeBytes()).isEqualTo((2 << 20) - 4096);
        assertThat(fixed.geometry().sizeBytes()).isEqualTo(8192);
        memory.change(TestGeometry.resized(memory.geometry(), 8192));
        assertThat(fixed.geometry().sizeBytes()).isEqualTo(4096);
        memory.change(TestGeometry.resized(memory.geometry(), 512));
        assertThat(fixed.geometry().sizeBytes()).isZero();
        assertThat(toEnd.geometry().sizeBytes()).isZero();
    }

    @Test
    void aReadOnlyViewHasNoFeatureOfWriting() {
        Geometry geometry = new ReadOnlyBlockDevice(memory).geometry();
        assertThat(geometry.features())
                .containsExactlyInAnyOrder(Feature.FLUSH, Feature.BLOCK_STATUS, Feature.PREFETCH, Feature.SHARED);
    }

    @Test
    void aChangeIsToldThroughTheStackAsItIsSeenThere() {
        BlockDevice split = new SplittingBlockDevice(memory);
        BlockDevice stack = new CheckedBlockDevice(new AlignedBlockDevice(SliceBlockDevice.from(split, 512)));
        List<Geometry> told = new ArrayList<>();
        List<BlockError> gone = new ArrayList<>();
        stack.addGeometryListener(new GeometryListener() {
            @Override
            public void geometryChanged(Geometry before, Geometry now) {
                told.add(before);
                told.add(now);
            }

            @Override
            public void deviceGone(BlockException cause) {
                gone.add(cause.error());
            }
        });
        Geometry before = stack.geometry();
        memory.change(TestGeometry.without(TestGeometry.resized(memory.geometry(), 2 << 20), Feature.WRITE));
        assertThat(told).containsExactly(before, stack.geometry());
        assertThat(stack.geometry().sizeBytes()).isEqualTo((2 << 20) - 512);
        assertThat(stack.geometry().blockBytes()).isEqualTo(1);
        assertThat(stack.geometry().has(Feature.WRITE)).isFalse();
        memory.vanish(new BlockException(BlockError.IO, "unplugged"));
        assertThat(gone).containsExactly(BlockError.IO);
    }

    private void refuses(long startBytes, long lengthBytes, String because) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SliceBlockDevice(memory, startBytes, lengthBytes))
                .withMessageContaining(because);
    }
}
