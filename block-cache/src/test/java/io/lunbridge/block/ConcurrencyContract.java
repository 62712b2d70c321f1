package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Part of {@link BlockDeviceContract}: many requests in flight, in each other's way or not. */
public interface ConcurrencyContract {

    DeviceUnderTest disk();

    @Test
    default void keepsManyDisjointWritesApart() {
        assumeTrue(disk().geometry().has(Feature.WRITE));
        int block = disk().geometry().blockBytes();
        int count = (int) Math.min(200, disk().geometry().sizeBytes() / block);
        List<RecordingCompletion> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(disk().startWrite((long) i * block, pattern(block, i)));
        }
        disk().awaitAll();
        assertThat(writes).allMatch(RecordingCompletion::hasSucceeded);
        for (int i = 0; i < count; i++) {
            assertThat(disk().read((long) i * block, block)).isEqualTo(pattern(block, i));
        }
    }

    @Test
    default void answersManyReadsInFlight() {
        int block = disk().geometry().blockBytes();
        int count = (int) Math.min(200, disk().geometry().sizeBytes() / block);
        List<RecordingCompletion> reads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            reads.add(disk().startRead((long) i * block, block));
        }
        disk().awaitAll();
        for (int i = 0; i < count; i++) {
            assertThat(reads.get(i).data()).isEqualTo(disk().read((long) i * block, block));
        }
    }

    /** SBC leaves the order of overlapping commands open, but each block holds what one of them wrote to it. */
    @Test
    default void overlappingWritesLeaveOneOrTheOtherInEachBlock() {
        assumeTrue(disk().geometry().has(Feature.WRITE));
        int block = disk().geometry().blockBytes();
        int blocks = Math.min(8, disk().geometry().maxTransferBytes() / block);
        byte[] first = pattern(blocks * block, 1);
        byte[] second = pattern(blocks * block, 2);
        disk().startWrite(0, first);
        disk().startWrite(block, second);
        RecordingCompletion amid = disk().startRead(block, block);
        disk().awaitAll();
        assertThat(amid.data()).hasSize(block);
        byte[] found = new byte[(blocks + 1) * block];
        for (int i = 0; i <= blocks; i++) {
            System.arraycopy(disk().read((long) i * block, block), 0, found, i * block, block);
        }
        assertThat(blockOf(found, 0, block)).isEqualTo(blockOf(first, 0, block));
        assertThat(blockOf(found, blocks, block)).isEqualTo(blockOf(second, blocks - 1, block));
        for (int i = 1; i < blocks; i++) {
            assertThat(blockOf(found, i, block)).isIn(blockOf(first, i, block), blockOf(second, i - 1, block));
        }
    }

    @Test
    default void aReadAfterTheAnswerSeesTheWriteWhateverElseIsInFlight() {
        assumeTrue(disk().geometry().has(Feature.WRITE));
        int block = disk().geometry().blockBytes();
        long elsewhere = disk().geometry().sizeBytes() / block / 2 * block;
        for (int round = 0; round < 20; round++) {
            disk().startWrite(elsewhere, pattern(block, 1000 + round));
            RecordingCompletion write = disk().startWrite(0, pattern(block, round));
            disk().await(write);
            assertThat(disk().read(0, block)).isEqualTo(pattern(block, round));
        }
        disk().awaitAll();
    }

    private static byte[] blockOf(byte[] bytes, int index, int blockBytes) {
        return Arrays.copyOfRange(bytes, index * blockBytes, (index + 1) * blockBytes);
    }
}
