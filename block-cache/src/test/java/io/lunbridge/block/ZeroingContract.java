package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Part of {@link BlockDeviceContract}: zeroing in all its forms, and discarding. */
public interface ZeroingContract {

    DeviceUnderTest disk();

    int BLOCKS = 24;

    @Test
    default void zeroesAndMayDeallocate() {
        zeroesTheMiddleOnly(Zeroing.MAY_DEALLOCATE);
    }

    @Test
    default void zeroesAndKeepsAllocated() {
        zeroesTheMiddleOnly(Zeroing.KEEP_ALLOCATED);
    }

    @Test
    default void zeroesFastOrNotAtAll() {
        zeroesTheMiddleOnly(Zeroing.MAY_DEALLOCATE_FAST);
    }

    @Test
    default void zeroesFastAndKeepsAllocatedOrDoesNothing() {
        zeroesTheMiddleOnly(Zeroing.KEEP_ALLOCATED_FAST);
    }

    @Test
    default void zeroesTheFirstAndTheLastBlock() {
        assumeTrue(disk().geometry().has(Feature.WRITE_ZEROES));
        int block = disk().geometry().blockBytes();
        for (long offset : new long[] {0, disk().geometry().sizeBytes() - block}) {
            disk().write(offset, pattern(block, 1));
            disk().writeZeroes(offset, block, Zeroing.MAY_DEALLOCATE).data();
            assertThat(disk().read(offset, block)).containsOnly(0);
        }
    }

    @Test
    default void zeroesMoreThanOneTransfer() {
        assumeTrue(disk().geometry().has(Feature.WRITE_ZEROES));
        long size = disk().geometry().sizeBytes();
        int block = disk().geometry().blockBytes();
        disk().write(0, pattern(block, 1));
        disk().write(size - block, pattern(block, 2));
        disk().writeZeroes(0, size, Zeroing.MAY_DEALLOCATE).data();
        assertThat(disk().read(0, block)).containsOnly(0);
        assertThat(disk().read(size - block, block)).containsOnly(0);
    }

    @Test
    default void discardTouchesNothingOutsideItsRange() {
        assumeTrue(disk().geometry().has(Feature.WRITE));
        int block = disk().geometry().blockBytes();
        byte[] before = fill();
        disk().discard(8L * block, 8L * block);
        byte[] after = readAll();
        assertThat(Arrays.copyOf(after, 8 * block)).isEqualTo(Arrays.copyOf(before, 8 * block));
        assertThat(tail(after, 16 * block)).isEqualTo(tail(before, 16 * block));
    }

    @Test
    default void whatWasDiscardedCanBeWrittenAgain() {
        assumeTrue(disk().geometry().has(Feature.WRITE));
        fill();
        disk().discard(0, (long) BLOCKS * disk().geometry().blockBytes());
        byte[] again = fill();
        assertThat(readAll()).isEqualTo(again);
    }

    private void zeroesTheMiddleOnly(Zeroing zeroing) {
        assumeTrue(disk().geometry().has(Feature.WRITE_ZEROES));
        int block = disk().geometry().blockBytes();
        byte[] expected = fill();
        RecordingCompletion done = disk().writeZeroes(5L * block, 13L * block, zeroing);
        if (done.hasSucceeded()) {
            Arrays.fill(expected, 5 * block, 18 * block, (byte) 0);
        } else {
            assertThat(zeroing.onlyIfFast()).isTrue();
            assertThat(done.error()).isEqualTo(BlockError.UNSUPPORTED);
        }
        assertThat(readAll()).isEqualTo(expected);
    }

    private byte[] fill() {
        int block = disk().geometry().blockBytes();
        byte[] bytes = pattern(BLOCKS * block, System.identityHashCode(this));
        for (int i = 0; i < BLOCKS; i++) {
            disk().write((long) i * block, Arrays.copyOfRange(bytes, i * block, (i + 1) * block));
        }
        return bytes;
    }

    private byte[] readAll() {
        int block = disk().geometry().blockBytes();
        byte[] bytes = new byte[BLOCKS * block];
        for (int i = 0; i < BLOCKS; i++) {
            System.arraycopy(disk().read((long) i * block, block), 0, bytes, i * block, block);
        }
        return bytes;
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }
}
