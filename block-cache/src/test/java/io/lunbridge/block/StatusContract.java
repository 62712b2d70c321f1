package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Part of {@link BlockDeviceContract}: what the device tells about its allocation is true. */
public interface StatusContract {

    DeviceUnderTest disk();

    @Test
    default void describesTheWholeDeviceFromItsStartToItsEnd() {
        long size = disk().geometry().sizeBytes();
        long at = 0;
        for (int calls = 0; at < size; calls++) {
            assertThat(calls).as("calls for the whole device").isLessThan(10_000);
            at += total(disk().blockStatus(at, size - at));
        }
    }

    @Test
    default void describesAtLeastABlockFromWhereverItIsAsked() {
        int block = disk().geometry().blockBytes();
        long size = disk().geometry().sizeBytes();
        for (long offset : new long[] {0, block, size / block / 2 * block, size - block}) {
            assertThat(total(disk().blockStatus(offset, block))).isGreaterThanOrEqualTo(block);
        }
    }

    @Test
    default void whatItCallsZeroReadsAsZero() {
        assumeTrue(disk().geometry().has(Feature.WRITE_ZEROES));
        int block = disk().geometry().blockBytes();
        int length = 32 * block;
        disk().writeZeroes(0, length, Zeroing.MAY_DEALLOCATE).data();
        disk().write(10L * block, pattern(block, 1));
        int at = 0;
        while (at < length) {
            for (Extent extent : disk().blockStatus(at, length - at)) {
                assertThat(!extent.zero() || isZero(at, extent.lengthBytes(), length))
                        .as("%s at %d", extent, at)
                        .isTrue();
                at = (int) Math.min(length, at + extent.lengthBytes());
            }
        }
    }

    @Test
    default void whatWasWrittenIsNoHole() {
        assumeTrue(disk().geometry().has(Feature.WRITE));
        int block = disk().geometry().blockBytes();
        disk().write(3L * block, pattern(block, 2));
        Extent extent = disk().blockStatus(3L * block, block).get(0);
        assertThat(extent.hole()).isFalse();
        assertThat(extent.zero()).isFalse();
    }

    private boolean isZero(int fromBytes, long lengthBytes, int endBytes) {
        int block = disk().geometry().blockBytes();
        for (int at = fromBytes; at < Math.min(endBytes, fromBytes + lengthBytes); at += block) {
            for (byte b : disk().read(at, block)) {
                if (b != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static long total(List<Extent> extents) {
        assertThat(extents).isNotEmpty();
        return extents.stream().mapToLong(Extent::lengthBytes).sum();
    }
}
