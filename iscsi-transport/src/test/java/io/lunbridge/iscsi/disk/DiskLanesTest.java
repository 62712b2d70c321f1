package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two sessions to one unit as two lanes of one disk. The clocks are the test's. */
@SuppressWarnings("NullAway.Init") // open sets the fields
class DiskLanesTest {

    private static final RecoveryPolicy POLICY =
            RecoveryPolicy.DEFAULT.withRecheckSeconds(0).withReplacementSeconds(20);
    private static final String FLUSH = "35";
    private static final String SERIAL = "00800004" + FakeUnit.ascii("S123");
    private static final String OTHER_SERIAL = "00800004" + FakeUnit.ascii("S999");
    private static final String LARGER = "0000000000000fff" + "00000200" + "0000c000" + "00".repeat(16);

    private final FakeUnit first = new FakeUnit();
    private final FakeUnit second = new FakeUnit();
    private final Outcomes outcomes = new Outcomes();
    private DiskLanes lanes;
    private BlockDevice one;
    private BlockDevice two;

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private void open(RecoveryPolicy policy) {
        first.open(policy);
        second.open(policy);
        lanes = new DiskLanes(List.of(first.disk(), second.disk()));
        one = lanes.lane(0);
        two = lanes.lane(1);
    }

    @Test
    void aFlushAsksTheLanesThatHaveSomethingToFlush() {
        open(POLICY);
        write(one);
        flush(two);
        assertThat(flushes(first)).isEqualTo(1);
        assertThat(flushes(second)).isEqualTo(1);
        flush(two);
        assertThat(flushes(first)).as("nothing since the last flush").isEqualTo(1);
        assertThat(flushes(second)).isEqualTo(2);
        assertThat(outcomes.told).containsExactly("0 bytes", "0 bytes", "0 bytes");
    }

    /** The target has lost its power: one lane is back before the other has noticed, and its flush alone would succeed. */
    @Test
    void aFlushWaitsForALaneThatHasLostItsSessionAndTellsTheLoss() {
        open(POLICY);
        write(one);
        lose(first);
        flush(two);
        assertThat(outcomes.told).containsExactly("0 bytes");
        pass(2100);
        assertThat(outcomes.told).containsExactly("0 bytes", "IO");
        flush(two);
        assertThat(outcomes.told).containsExactly("0 bytes", "IO", "0 bytes");
    }

    @Test
    void aLaneThatIsDownAndOwesNothingKeepsNoFlushWaiting() {
        open(POLICY);
        first.reachable = false;
        lose(first);
        write(two);
        flush(two);
        assertThat(outcomes.told).containsExactly("0 bytes", "0 bytes");
    }

    @Test
    void anotherLaneFlushesInPlaceOfOneThatIsDownAndOwesNothing() {
        open(POLICY);
        first.reachable = false;
        lose(first);
        flush(one);
        turn();
        assertThat(outcomes.told).containsExactly("0 bytes");
        assertThat(flushes(second)).isEqualTo(1);
    }

    @Test
    void noOtherLaneFlushesInPlaceOfOneThatIsDownAndMayHaveLostWrites() {
        open(POLICY);
        write(one);
        first.reachable = false;
        lose(first);
        flush(one);
        turn();
        assertThat(outcomes.told).containsExactly("0 bytes");
        pass(20_100);
        assertThat(outcomes.told).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aFlushFailsInTheEndIfAllLanesAreDown() {
        open(POLICY);
        first.reachable = false;
        second.reachable = false;
        lose(first);
        lose(second);
        flush(one);
        turn();
        assertThat(outcomes.told).isEmpty();
        pass(20_100);
        assertThat(outcomes.told).hasSize(1).doesNotContain("0 bytes");
    }

    @Test
    void theGateStaysOpenWhileAWriteWaitsForItsSession() {
        open(POLICY);
        loseWithAWriteOnTheWire();
        assertThat(lanes.gate().isOpen()).isTrue();
        pass(2100);
        assertThat(outcomes.told).containsExactly("0 bytes");
        assertThat(lanes.gate().isOpen()).isTrue();
    }

    @Test
    void aWriteThatFailedAndMayBeExecutedLateShutsTheGateUntilTheNextSession() {
        open(POLICY);
        first.reachable = false;
        loseWithAWriteOnTheWire();
        pass(21_000);
        assertThat(outcomes.told).containsExactly("IO");
        assertThat(lanes.gate().isOpen()).isFalse();

        first.reachable = true;
        pass(40_000);
        assertThat(lanes.gate().isOpen()).isTrue();
    }

    @Test
    void theGateIsShutBeforeTheFailureIsTold() {
        open(POLICY.withHoldsInFlight(false));
        first.reachable = false;
        first.ignored = FakeUnit.WRITE_16;
        one.write(0, Unpooled.directBuffer(512).writeZero(512), Durability.CACHED, new Completion() {
            @Override
            public void succeeded(ByteBuf data) {
                data.release();
                outcomes.told.add("success");
            }

            @Override
            public void failed(BlockException cause) {
                outcomes.told.add("gate open: " + lanes.gate().isOpen());
            }
        });
        first.run();
        lose(first);
        pass(100);
        assertThat(outcomes.told).containsExactly("gate open: false");
    }

    @Test
    void aReadThatFailedOrAWriteThatWasNotSentLeavesTheGateOpen() {
        open(POLICY);
        first.reachable = false;
        first.ignored = FakeUnit.READ_16;
        one.read(0, 512, outcomes);
        first.run();
        lose(first);
        first.ignored = -1;
        write(one);
        pass(21_000);
        assertThat(outcomes.told).containsExactly("IO", "IO");
        assertThat(lanes.gate().isOpen()).isTrue();
    }

    @Test
    void whatOneLaneLearnsOfTheSizeTheOtherAsksFor() {
        open(POLICY);
        first.always(FakeUnit.SERVICE_ACTION_IN, "10", LARGER);
        second.always(FakeUnit.SERVICE_ACTION_IN, "10", LARGER);
        first.disk().recheckNow();
        first.run();
        assertThat(one.geometry().sizeBytes()).isEqualTo(2 << 20);
        second.turn();
        assertThat(two.geometry().sizeBytes()).isEqualTo(2 << 20);
    }

    /** At the same address stands another unit, which one lane sees first. */
    @Test
    void whileOneLaneDoubtsTheUnitNobodyWritesAndAllAsk() {
        open(POLICY);
        first.always(FakeUnit.INQUIRY, "80", OTHER_SERIAL);
        second.always(FakeUnit.INQUIRY, "80", OTHER_SERIAL);
        first.disk().recheckNow();
        first.run();
        assertThat(lanes.gate().isOpen()).isFalse();
        second.turn();
        assertThat(second.disk().status().state()).isNotEqualTo(DiskStatus.State.ONLINE);

        first.always(FakeUnit.INQUIRY, "80", SERIAL);
        second.always(FakeUnit.INQUIRY, "80", SERIAL);
        pass(40_000);
        assertThat(lanes.gate().isOpen()).isTrue();
        write(one);
        write(two);
        assertThat(outcomes.told).containsExactly("0 bytes", "0 bytes");
    }

    private void loseWithAWriteOnTheWire() {
        first.ignored = FakeUnit.WRITE_16;
        write(one);
        lose(first);
        first.ignored = -1;
    }

    private void write(BlockDevice lane) {
        lane.write(0, Unpooled.directBuffer(512).writeZero(512), Durability.CACHED, outcomes);
        turn();
    }

    private void flush(BlockDevice lane) {
        lane.flush(outcomes);
        turn();
        turn();
    }

    private static void lose(FakeUnit unit) {
        unit.target.lose(-1);
    }

    private void pass(int millis) {
        first.passMillis(millis);
        second.passMillis(millis);
        turn();
    }

    private void turn() {
        first.turn();
        second.turn();
    }

    private static long flushes(FakeUnit unit) {
        return unit.cdbs.stream().filter(cdb -> cdb.startsWith(FLUSH)).count();
    }
}
