package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a unit's answers make of it: rules R59 to R61 and R71 to R73. */
class DiskOpeningTest {

    private final FakeUnit unit = new FakeUnit();

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void aThinDiskWithEverything() {
        DiskInfo info = unit.open().disk().info();
        assertThat(info.identity().inquiry().vendor()).isEqualTo("ACME");
        assertThat(info.identity().serial()).isEqualTo("S123");
        assertThat(info.identity().worldWideName())
                .hasValueSatisfying(name -> assertThat(name.value()).isEqualTo("5000000000000001"));
        assertThat(info.identity().bytes().inquiry()).contains(FakeUnit.ascii("ACME    "));
        assertThat(info.identity().bytes().serialPage()).isEqualTo("00800004" + FakeUnit.ascii("S123"));
        assertThat(info.identity().bytes().designatorPage()).startsWith("0083").endsWith("5000000000000001");
        assertThat(info.sizeBytes()).isEqualTo(1 << 20);
        assertThat(unit.disk().geometry())
                .isEqualTo(new Geometry(
                        1 << 20,
                        512,
                        4096,
                        DiskGeometry.MAX_TRANSFER_BYTES,
                        Set.of(
                                Feature.WRITE,
                                Feature.FLUSH,
                                Feature.DURABLE_WRITE,
                                Feature.DISCARD,
                                Feature.WRITE_ZEROES,
                                Feature.FAST_ZERO,
                                Feature.BLOCK_STATUS,
                                Feature.PREFETCH,
                                Feature.SHARED)));
    }

    @Test
    void unitAttentionsOfANewSessionPass() {
        unit.next(FakeUnit.TEST_UNIT_READY, FakeUnit.UNIT_ATTENTION, FakeUnit.UNIT_ATTENTION, FakeUnit.BUSY);
        assertThat(unit.open().disk().info().sizeBytes()).isEqualTo(1 << 20);
    }

    @Test
    void whatChangesWhileItIsAskedIsAskedOnceMore() {
        unit.next(FakeUnit.MODE_SENSE_6, "02:7000060000000000000000002a09");
        unit.next(FakeUnit.SERVICE_ACTION_IN, "00000000000003ff" + "00000200" + "0000c000" + "00".repeat(16));
        assertThat(unit.open().disk().info().sizeBytes()).isEqualTo(1 << 20);
    }

    @Test
    void aUnitThatChangesAllTheTimeIsOpenedNevertheless() {
        unit.next(FakeUnit.SERVICE_ACTION_IN, "02:7000060000000000000000002a01");
        for (int i = 0; i < 20; i++) {
            unit.next(
                    FakeUnit.MODE_SENSE_6, "02:7000060000000000000000002a01", "17001000" + "081204" + "00".repeat(17));
        }
        assertThat(unit.open().disk().info().sizeBytes()).isEqualTo(1 << 20);
    }

    @Test
    void aStoppedUnitIsStartedOnce() {
        unit.next(FakeUnit.TEST_UNIT_READY, "02:7000020000000000000000000402");
        unit.next(FakeUnit.TEST_UNIT_READY, "02:7000020000000000000000000401");
        assertThat(unit.open().openingCdbs)
                .extracting(cdb -> cdb.substring(0, 10))
                .containsOnlyOnce("1b01000001");
        FakeUnit other = new FakeUnit().always(FakeUnit.TEST_UNIT_READY, "02:7000020000000000000000000402");
        other.open();
        assertThat(other.refusal().kind()).isEqualTo(DiskException.Kind.NOT_READY);
        other.close();
    }

    @Test
    void aUnitThatStaysUnreadyIsGivenUpInTime() {
        unit.always(FakeUnit.TEST_UNIT_READY, "02:7000020000000000000000000401").open();
        assertThat(unit.refusal).isNull();
        unit.passMillis(20_000);
        assertThat(unit.refusal().kind()).isEqualTo(DiskException.Kind.NOT_READY);
    }

    @Test
    void aLunBehindWhichNothingIs() {
        expectRefusal(FakeUnit.INQUIRY, "7f000502", DiskException.Kind.NO_SUCH_LUN);
        expectRefusal(FakeUnit.INQUIRY, "20000502", DiskException.Kind.NO_SUCH_LUN);
        expectRefusal(FakeUnit.INQUIRY, FakeUnit.NO_SUCH_UNIT, DiskException.Kind.NO_SUCH_LUN);
    }

    @Test
    void aTapeIsNoDisk() {
        expectRefusal(FakeUnit.INQUIRY, "01800502", DiskException.Kind.NOT_A_DISK);
    }

    @Test
    void blocksOfOddSizesAreRefused() {
        String capacity = "00000000000007ff" + "00000208" + "00".repeat(20);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", capacity);
        expectRefusal(FakeUnit.TEST_UNIT_READY, FakeUnit.GOOD, DiskException.Kind.UNSUPPORTED_FORMAT);
    }

    @Test
    void anOldDiskTellsItsCapacityInTenBytes() {
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", FakeUnit.INVALID_OPCODE);
        unit.always(FakeUnit.READ_CAPACITY_10, "000000ff00001000");
        Geometry geometry = unit.open().disk().geometry();
        assertThat(geometry.blockBytes()).isEqualTo(4096);
        assertThat(geometry.sizeBytes()).isEqualTo(1 << 20);
        assertThat(geometry.has(Feature.DISCARD)).isFalse();
        assertThat(geometry.has(Feature.BLOCK_STATUS)).isFalse();
    }

    @Test
    void largePhysicalBlocksArePreferredAndSmallOnesTaken() {
        String capacity = "00000000000007ff" + "00000200" + "0003c000" + "00".repeat(16);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", capacity);
        Geometry geometry = unit.open().disk().geometry();
        assertThat(geometry.blockBytes()).isEqualTo(512);
        assertThat(geometry.preferredBytes()).isEqualTo(4096);
        assertThat(unit.disk().info().physicalBlockBytes()).isEqualTo(4096);
    }

    @Test
    void aUnitBeyondTwoTebibytesIsTakenWhole() {
        String capacity = "000000017fffffff" + "00000200" + "0000c000" + "00".repeat(16);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", capacity);
        assertThat(unit.open().disk().geometry().sizeBytes()).isEqualTo(3L << 40);
    }

    @Test
    void aWriteProtectedDiskOnlyReads() {
        unit.always(FakeUnit.MODE_SENSE_6, "1700900008120400");
        assertThat(unit.open().disk().geometry().features()).doesNotContain(Feature.WRITE, Feature.DISCARD);
    }

    @Test
    void aDiskWithoutModePagesIsTakenToHaveACacheAndNoFua() {
        unit.always(FakeUnit.MODE_SENSE_6, FakeUnit.INVALID_OPCODE);
        unit.always(FakeUnit.MODE_SENSE_10, FakeUnit.INVALID_OPCODE);
        assertThat(unit.open().disk().info().mode().writeCache()).isTrue();
        assertThat(unit.disk().geometry().has(Feature.DURABLE_WRITE)).isFalse();
        assertThat(unit.disk().geometry().has(Feature.FLUSH)).isTrue();
    }

    @Test
    void whatWasTriedInVainIsNotOffered() {
        unit.always(FakeUnit.PRE_FETCH, FakeUnit.INVALID_OPCODE);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "12", FakeUnit.INVALID_FIELD);
        assertThat(unit.open().disk().geometry().features()).doesNotContain(Feature.PREFETCH, Feature.BLOCK_STATUS);
    }

    private void expectRefusal(int opcode, String answer, DiskException.Kind kind) {
        unit.refusal = null;
        unit.next(opcode, answer).open();
        assertThat(unit.refusal().kind()).as(unit.refusal().getMessage()).isEqualTo(kind);
    }
}
