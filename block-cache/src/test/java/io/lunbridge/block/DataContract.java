package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Part of {@link BlockDeviceContract}: what is written is read, there and nowhere else. */
public interface DataContract {

    /** The device, open. */
    DeviceUnderTest disk();

    /** Bytes that tell two writes apart. */
    static byte[] pattern(int lengthBytes, long seed) {
        byte[] bytes = new byte[lengthBytes];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    default int block() {
        return disk().geometry().blockBytes();
    }

    default void assumeWritable() {
        assumeTrue(disk().geometry().has(Feature.WRITE), "the device is read-only");
    }

    /** A multiple of the block size, not above {@code mostBytes} nor the device's own limits. */
    default int largestTransfer(int mostBytes) {
        Geometry geometry = disk().geometry();
        long most = Math.min(Math.min(mostBytes, geometry.sizeBytes()), geometry.maxTransferBytes());
        return (int) Math.max(block(), most - most % block());
    }

    @Test
    default void readsBackWhatWasWrittenAtOddPlaces() {
        assumeWritable();
        long blocks = disk().geometry().sizeBytes() / block();
        int length = Math.min(largestTransfer(7 * block()), 7 * block());
        for (long first : new long[] {0, 1, 3, blocks / 2 + 1, blocks - 9, blocks - 7}) {
            byte[] data = pattern(length, first);
            disk().write(first * block(), data);
            assertThat(disk().read(first * block(), length)).isEqualTo(data);
        }
    }

    @Test
    default void readsAndWritesTheFirstAndTheLastBlock() {
        assumeWritable();
        long last = disk().geometry().sizeBytes() - block();
        disk().write(0, pattern(block(), 1));
        disk().write(last, pattern(block(), 2));
        assertThat(disk().read(0, block())).isEqualTo(pattern(block(), 1));
        assertThat(disk().read(last, block())).isEqualTo(pattern(block(), 2));
    }

    @Test
    default void transfersAsMuchAsItSaysAtOnce() {
        assumeWritable();
        int length = largestTransfer(4 << 20);
        long offset = disk().geometry().sizeBytes() - length;
        byte[] data = pattern(length, 3);
        disk().write(offset, data);
        assertThat(disk().read(offset, length)).isEqualTo(data);
    }

    @Test
    default void leavesTheNeighboursAlone() {
        assumeWritable();
        int around = largestTransfer(9 * block());
        byte[] expected = pattern(around, 4);
        disk().write(0, expected);
        int from = around / block() / 3 * block();
        byte[] inner = pattern(block(), 5);
        disk().write(from, inner);
        System.arraycopy(inner, 0, expected, from, inner.length);
        assertThat(disk().read(0, around)).isEqualTo(expected);
    }

    @Test
    default void readsThePartsOfWhatWasWrittenWhole() {
        assumeWritable();
        int length = largestTransfer(16 * block());
        byte[] data = pattern(length, 6);
        disk().write(block(), data);
        for (int at = 0; at < length; at += block()) {
            byte[] part = disk().read(block() + (long) at, block());
            assertThat(part).isEqualTo(Arrays.copyOfRange(data, at, at + block()));
        }
    }

    @Test
    default void writesDurably() {
        assumeWritable();
        assumeTrue(disk().geometry().has(Feature.DURABLE_WRITE));
        byte[] data = pattern(block(), 7);
        disk().write(0, data, Durability.DURABLE);
        assertThat(disk().read(0, block())).isEqualTo(data);
    }

    @Test
    default void flushes() {
        assumeTrue(disk().geometry().has(Feature.FLUSH));
        disk().flush();
    }

    @Test
    default void prefetches() {
        RecordingCompletion done = disk().start(d -> disk().device().prefetch(0, block(), d));
        assertThat(disk().await(done).hasSucceeded()).isTrue();
    }

    @Test
    default void readsTheSameTwice() {
        int length = largestTransfer(1 << 16);
        assertThat(disk().read(0, length)).isEqualTo(disk().read(0, length));
    }

    @Test
    default void refusesToChangeWhatIsReadOnly() {
        assumeFalse(disk().geometry().has(Feature.WRITE), "the device is writable");
        byte[] before = disk().read(0, block());
        BlockDevice device = disk().device();
        assertThat(disk().await(disk().startWrite(0, pattern(block(), 8))).hasSucceeded())
                .isFalse();
        assertThat(disk().writeZeroes(0, block(), Zeroing.MAY_DEALLOCATE).hasSucceeded())
                .isFalse();
        assertThat(disk().await(disk().start(done -> device.discard(0, block(), done)))
                        .hasSucceeded())
                .isFalse();
        assertThat(disk().read(0, block())).isEqualTo(before);
    }
}
