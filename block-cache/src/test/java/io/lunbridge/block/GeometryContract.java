package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Part of {@link BlockDeviceContract}: a device that becomes larger or smaller says so, and is what it says. */
public interface GeometryContract {

    int CHANGE_BYTES = 64 << 10;

    DeviceUnderTest disk();

    /**
     * Makes the device's medium so much larger, or smaller if negative; its end must move as far.
     *
     * @return whether this test can do so
     */
    default boolean resizeBy(long bytes) {
        return false;
    }

    @Test
    default void growthIsToldAndCanBeUsed() {
        Told told = new Told();
        disk().loop().run(() -> disk().device().addGeometryListener(told));
        Geometry before = disk().geometry();
        assumeTrue(resizeBy(CHANGE_BYTES));
        Geometry now = disk().geometry();
        assertThat(now.sizeBytes()).isEqualTo(before.sizeBytes() + CHANGE_BYTES);
        assertThat(told.changes).containsExactly(before, now);
        if (now.has(Feature.WRITE)) {
            byte[] data = pattern(now.blockBytes(), 7);
            disk().write(before.sizeBytes(), data);
            assertThat(disk().read(before.sizeBytes(), data.length)).isEqualTo(data);
        }
    }

    @Test
    default void shrinkingIsToldAndLeavesWhatRemains() {
        Told told = new Told();
        disk().loop().run(() -> disk().device().addGeometryListener(told));
        Geometry before = disk().geometry();
        int block = before.blockBytes();
        byte[] data = pattern(block, 8);
        if (before.has(Feature.WRITE)) {
            disk().write(0, data);
        }
        RecordingCompletion across = disk().startRead(before.sizeBytes() - block, block);
        assumeTrue(resizeBy(-CHANGE_BYTES));
        Geometry now = disk().geometry();
        assertThat(now.sizeBytes()).isEqualTo(before.sizeBytes() - CHANGE_BYTES);
        assertThat(told.changes).containsExactly(before, now);
        assertThat(disk().await(across).isDone())
                .as("what was in flight is answered")
                .isTrue();
        if (now.has(Feature.WRITE)) {
            assertThat(disk().read(0, block)).isEqualTo(data);
        }
        disk().read(now.sizeBytes() - block, block);
    }

    /** What a listener was told: before, now, before, now. */
    final class Told implements GeometryListener {

        final List<Geometry> changes = new ArrayList<>();

        @Override
        public void geometryChanged(Geometry before, Geometry now) {
            changes.add(before);
            changes.add(now);
        }

        @Override
        public void deviceGone(BlockException cause) {
            throw new AssertionError("gone", cause);
        }
    }
}
