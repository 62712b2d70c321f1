package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Durability;
import io.lunbridge.block.Zeroing;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Durable writes to a unit that cannot make them so by itself: each has a flush of its own, which must neither tell of
 * others' losses nor take them away from the next flush that somebody asks for.
 */
class DurableWritesTest {

    private static final String WITHOUT_FUA = "17000000" + "081204" + "00".repeat(17);

    private final FakeUnit unit = new FakeUnit();
    private final Outcomes outcomes = new Outcomes();

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void whatOthersHaveLostIsLeftToTheNextFlush() {
        openWithoutFua();
        write(Durability.CACHED);
        lose();
        unit.passMillis(2100);
        write(Durability.DURABLE);
        write(Durability.DURABLE);
        flush();
        flush();
        assertThat(outcomes.told).containsExactly("0 bytes", "0 bytes", "0 bytes", "IO", "0 bytes");
    }

    @Test
    void whatIsLostBeforeItsOwnFlushIsToldToItAndToTheNextFlush() {
        openWithoutFua();
        unit.ignored = FakeUnit.SYNCHRONIZE_CACHE;
        write(Durability.DURABLE);
        lose();
        assertThat(outcomes.told).isEmpty();
        unit.ignored = -1;
        unit.passMillis(2100);
        flush();
        flush();
        assertThat(outcomes.told).containsExactly("IO", "IO", "0 bytes");
    }

    @Test
    void aWriteThatIsSentAgainHasLostNothing() {
        openWithoutFua();
        write(Durability.CACHED);
        unit.ignored = FakeUnit.WRITE_16;
        write(Durability.DURABLE);
        lose();
        unit.ignored = -1;
        unit.passMillis(2100);
        flush();
        assertThat(outcomes.told).containsExactly("0 bytes", "0 bytes", "IO");
    }

    @Test
    void aLossThatTheUnitTellsOfGoesToTheNextFlushToo() {
        openWithoutFua();
        unit.next(FakeUnit.WRITE_16, "02:7100030000000000000000000c00");
        write(Durability.DURABLE);
        flush();
        assertThat(outcomes.told).containsExactly("0 bytes", "IO");
    }

    @Test
    void anOwnFlushThatIsRefusedIsToldToTheNextFlushToo() {
        openWithoutFua();
        write(Durability.CACHED);
        unit.next(FakeUnit.SYNCHRONIZE_CACHE, "02:7000040000000000000000004400");
        write(Durability.DURABLE);
        flush();
        assertThat(outcomes.told).containsExactly("0 bytes", "IO", "IO");
    }

    @Test
    void aUnitThatRefusesTheBitItAnnouncedIsTreatedLikeOneWithout() {
        unit.next(FakeUnit.WRITE_16, FakeUnit.INVALID_FIELD).open(RecoveryPolicy.DEFAULT);
        write(Durability.DURABLE);
        write(Durability.CACHED);
        lose();
        unit.passMillis(2100);
        write(Durability.DURABLE);
        flush();
        assertThat(outcomes.told).containsExactly("0 bytes", "0 bytes", "0 bytes", "IO");
    }

    @Test
    void durableZeroesLeaveTheLossOfOthersToTheNextFlush() {
        unit.open(RecoveryPolicy.DEFAULT);
        write(Durability.CACHED);
        lose();
        unit.passMillis(2100);
        unit.disk().writeZeroes(0, 4096, Zeroing.KEEP_ALLOCATED, Durability.DURABLE, outcomes);
        unit.run();
        flush();
        assertThat(outcomes.told).containsExactly("0 bytes", "0 bytes", "IO");
    }

    private void openWithoutFua() {
        unit.always(FakeUnit.MODE_SENSE_6, WITHOUT_FUA).open(RecoveryPolicy.DEFAULT);
    }

    private void write(Durability durability) {
        unit.disk().write(0, Unpooled.directBuffer(512).writeZero(512), durability, outcomes);
        unit.run();
    }

    private void flush() {
        unit.disk().flush(outcomes);
        unit.run();
    }

    private void lose() {
        unit.target.lose(-1);
    }
}
