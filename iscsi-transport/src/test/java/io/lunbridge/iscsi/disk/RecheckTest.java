package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.lunbridge.iscsi.disk.DiskStatus.State;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a target changes without a word is noticed all the same. The clock is the test's. */
class RecheckTest {

    private static final int INTERVAL_MILLIS = RecoveryPolicy.RECHECK_SECONDS * 1000;
    private static final String CAPACITY = "9e10";
    private static final String CAPACITY_OF_2_MIB = "0000000000000fff" + "00000200" + "0000c000" + "00".repeat(16);
    private static final String CAPACITY_OF_512_KIB = "00000000000003ff" + "00000200" + "0000c000" + "00".repeat(16);
    private static final String NAMES = "0083000c" + "010300085000000000000001";
    private static final String OTHER_NAMES = "0083000c" + "010300085000000000000002";
    private static final String RESERVATION_CONFLICT = "18:";

    private final FakeUnit unit = new FakeUnit().always(FakeUnit.READ_16, "5a".repeat(512));
    private final Outcomes outcomes = new Outcomes();
    private final List<Geometry> announced = new ArrayList<>();

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void aNewSizeIsNoticedWithoutAnyRequest() {
        open(RecoveryPolicy.DEFAULT);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", CAPACITY_OF_2_MIB);
        unit.passMillis(INTERVAL_MILLIS);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", CAPACITY_OF_512_KIB);
        unit.passMillis(INTERVAL_MILLIS);
        assertThat(announced).extracting(Geometry::sizeBytes).containsExactly(2L << 20, 512L << 10);
    }

    @Test
    void writeProtectionIsNoticedBothWays() {
        open(RecoveryPolicy.DEFAULT);
        unit.always(FakeUnit.MODE_SENSE_6, "17009000" + "081204" + "00".repeat(17));
        unit.passMillis(INTERVAL_MILLIS);
        unit.always(FakeUnit.MODE_SENSE_6, "17001000" + "081204" + "00".repeat(17));
        unit.passMillis(INTERVAL_MILLIS);
        assertThat(announced)
                .extracting(geometry -> geometry.has(Feature.WRITE))
                .containsExactly(false, true);
    }

    @Test
    void itComesAtItsIntervalIsCheapAndDisturbsNoRequest() {
        open(RecoveryPolicy.DEFAULT.withRecheckSeconds(10));
        unit.passMillis(10_000);
        assertThat(unit.cdbs).hasSizeBetween(6, 8);
        assertThat(unit.cdbs).filteredOn(cdb -> cdb.startsWith(CAPACITY)).hasSize(1);
        unit.disk().read(0, 512, outcomes);
        unit.passMillis(50_000);
        assertThat(unit.cdbs).filteredOn(cdb -> cdb.startsWith(CAPACITY)).hasSize(6);
        assertThat(outcomes.told).containsExactly("512 bytes");
        assertThat(announced).isEmpty();
    }

    @Test
    void zeroIsNever() {
        open(RecoveryPolicy.DEFAULT.withRecheckSeconds(0));
        unit.passMillis(300_000, 1000);
        assertThat(unit.cdbs).isEmpty();
    }

    @Test
    void aClosedDiskIsNotAsked() {
        open(RecoveryPolicy.DEFAULT);
        unit.disk().close(outcomes);
        unit.passMillis(300_000, 1000);
        assertThat(unit.cdbs).isEmpty();
    }

    @Test
    void whileCommandsAreBeingAbortedNothingIsAsked() {
        open(RecoveryPolicy.DEFAULT.withRecheckSeconds(7));
        unit.ignored = FakeUnit.READ_16;
        unit.disk().read(0, 512, outcomes);
        unit.passMillis(62_000);
        assertThat(unit.target.session.isHandlingErrors()).isTrue();
        int room = unit.target.session.room();
        unit.passMillis(13_000);
        assertThat(unit.target.session.isHandlingErrors()).isTrue();
        assertThat(unit.target.session.room()).as("no question waits").isEqualTo(room);
    }

    @Test
    void anotherUnitBehindTheSameNumberGetsNothingAndTheRightOneIsTakenAgain() {
        open(RecoveryPolicy.DEFAULT);
        unit.always(FakeUnit.INQUIRY, "83", OTHER_NAMES);
        unit.passMillis(INTERVAL_MILLIS);
        assertThat(unit.disk().status().state()).isEqualTo(State.GONE);
        write();
        assertThat(outcomes.told).containsExactly("IO");
        assertThat(unit.cdbs).noneMatch(cdb -> cdb.startsWith("8a"));
        unit.always(FakeUnit.INQUIRY, "83", NAMES);
        unit.passMillis(6000);
        assertThat(unit.disk().status().state()).isEqualTo(State.ONLINE);
        write();
        assertThat(outcomes.told).containsExactly("IO", "0 bytes");
    }

    @Test
    void aUnitWithoutTheNamesOfTheOldOneIsAnotherOne() {
        open(RecoveryPolicy.DEFAULT);
        unit.always(FakeUnit.INQUIRY, "00", "00000001" + "00");
        unit.passMillis(INTERVAL_MILLIS);
        assertThat(unit.disk().status().state()).isEqualTo(State.GONE);
    }

    @Test
    void aUnitThatHasVanishedIsGoneThoughNobodyAskedForIt() {
        open(RecoveryPolicy.DEFAULT);
        unit.always(FakeUnit.INQUIRY, "", "7f000502");
        unit.passMillis(INTERVAL_MILLIS);
        assertThat(unit.disk().status().state()).isEqualTo(State.GONE);
        assertThat(unit.disk().status().detail()).isEqualTo("there is no LUN 1 on this target");
        unit.disk().read(0, 512, outcomes);
        assertThat(outcomes.told).containsExactly("IO");
    }

    /** A reservation of another initiator forbids to ask; it does not make the disk another one. */
    @Test
    void aUnitThatRefusesToAnswerIsLeftAsItIs() {
        open(RecoveryPolicy.DEFAULT);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", RESERVATION_CONFLICT);
        unit.passMillis(3 * INTERVAL_MILLIS);
        assertThat(unit.cdbs).filteredOn(cdb -> cdb.startsWith(CAPACITY)).hasSize(3);
        assertThat(unit.disk().status().state()).isEqualTo(State.ONLINE);
        assertThat(announced).isEmpty();
    }

    private void open(RecoveryPolicy policy) {
        unit.open(policy).disk().addGeometryListener(new GeometryListener() {
            @Override
            public void geometryChanged(Geometry before, Geometry now) {
                announced.add(now);
            }

            @Override
            public void deviceGone(BlockException cause) {
                throw new AssertionError("gone", cause);
            }
        });
        unit.cdbs.clear();
    }

    private void write() {
        unit.disk().write(0, Unpooled.directBuffer(512).writeZero(512), Durability.CACHED, outcomes);
        unit.run();
    }
}
