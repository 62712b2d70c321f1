package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The model of what may be on a disk finds each thing that must not be there. */
class VersionedBlocksTest {

    private static final int BLOCK = VersionedBlocks.BLOCK_BYTES;

    private final VersionedBlocks blocks = new VersionedBlocks(4, 7);

    @Test
    void whatWasAnsweredAndWhatNeverWasWrittenIsWell() {
        byte[] two = written(1, 2);

        blocks.found(0, new byte[BLOCK]);
        blocks.found(1, two);

        assertThat(blocks.wrong()).isEmpty();
        assertThat(blocks.checkedBlocks()).isEqualTo(3);
    }

    @Test
    void aLostWriteIsFound() {
        written(1, 1);

        blocks.found(1, new byte[BLOCK]);

        assertThat(blocks.wrong()).isNotEmpty();
    }

    @Test
    void anOldWriteAfterNewerIsFound() {
        byte[] old = bytes(blocks.nextVersions(2, 1));
        written(2, 1);

        blocks.found(2, old);

        assertThat(blocks.wrong()).containsExactly("block 2 holds version 1, not 2");
    }

    @Test
    void aFailedWriteIsThereOrNotButDoesNotGoAgain() {
        byte[] first = written(0, 1);
        byte[] failed = bytes(blocks.nextVersions(0, 1));

        blocks.found(0, first);
        blocks.found(0, failed);
        assertThat(blocks.wrong()).isEmpty();

        blocks.found(0, first);
        assertThat(blocks.wrong()).hasSize(1);
    }

    @Test
    void aBlockAtAnothersPlaceIsFound() {
        byte[] two = written(0, 2);

        blocks.found(1, Arrays.copyOf(two, BLOCK));

        assertThat(blocks.wrong()).hasSize(1);
    }

    @Test
    void aTornOrChangedBlockIsFound() {
        byte[] first = written(0, 1);
        byte[] changed = first.clone();
        changed[BLOCK - 1] ^= 1;

        blocks.found(0, changed);

        assertThat(blocks.wrong()).containsExactly("block 0 is not all version 1");
    }

    private byte[] written(int first, int count) {
        byte[] bytes = bytes(blocks.nextVersions(first, count));
        blocks.answered(first, count);
        return bytes;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
