package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.iscsi.pdu.PduException;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteRangesTest {

    private final ByteRanges ranges = new ByteRanges();

    @Test
    void noByteComesTwice() throws PduException {
        assertThat(ranges.add(4, 8)).isTrue();
        for (int start : new int[] {1, 4, 6, 7}) {
            assertThat(ranges.add(start, start + 4)).as("from %d", start).isFalse();
        }
        assertThat(ranges.add(0, 4)).isTrue();
        assertThat(ranges.add(8, 12)).isTrue();
        assertThat(ranges.isContiguous()).isTrue();
        assertThat(ranges.totalBytes()).isEqualTo(12);
    }

    @Test
    void aGapAtTheBeginningIsAGap() throws PduException {
        assertThat(ranges.add(4, 8)).isTrue();
        assertThat(ranges.isContiguous()).isFalse();
    }

    @Test
    void beginsWithWhatWasSentUnasked() throws PduException {
        ranges.start(8);
        assertThat(ranges.add(7, 9)).isFalse();
        assertThat(ranges.add(8, 9)).isTrue();
        assertThat(ranges.isContiguous()).isTrue();
        ranges.start(0);
        assertThat(ranges.totalBytes()).isZero();
        assertThat(ranges.add(7, 9)).isTrue();
    }

    @Test
    void tooManyGapsAreRefused() throws PduException {
        for (int i = 0; i < ByteRanges.MAX_RANGES; i++) {
            assertThat(ranges.add(2 * i, 2 * i + 1)).isTrue();
        }
        assertThatThrownBy(() -> ranges.add(2 * ByteRanges.MAX_RANGES, 2 * ByteRanges.MAX_RANGES + 1))
                .isInstanceOf(PduException.class);
    }

    @Test
    void tellsWhatASetOfBitsTells() throws PduException {
        Random random = new Random(4);
        for (int round = 0; round < 2000; round++) {
            BitSet model = new BitSet();
            ranges.start(0);
            for (int i = 0; i < 40; i++) {
                int start = random.nextInt(64);
                int end = start + 1 + random.nextInt(8);
                boolean isNew = model.get(start, end).isEmpty();
                assertThat(ranges.add(start, end)).isEqualTo(isNew);
                if (isNew) {
                    model.set(start, end);
                }
                assertThat(ranges.totalBytes()).isEqualTo(model.cardinality());
                assertThat(ranges.isContiguous()).isEqualTo(model.nextClearBit(0) == model.cardinality());
            }
        }
    }
}
