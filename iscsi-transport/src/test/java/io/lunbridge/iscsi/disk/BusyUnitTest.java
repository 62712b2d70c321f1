package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Durability;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.SessionConfig;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A unit that does not take commands, or not so many: how often it is asked, and how long. */
class BusyUnitTest {

    private static final String BLOCK_OF_DATA = "5a".repeat(512);
    private static final String TASK_SET_FULL = "28:";
    private static final int DEPTH = 32;

    private final FakeUnit unit = new FakeUnit().always(FakeUnit.READ_16, BLOCK_OF_DATA);
    private final Outcomes outcomes = new Outcomes();

    @AfterEach
    void close() {
        unit.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08:",
                "28:",
                "02:7000020000000000000000000401",
                "02:7000020000000000000000000404",
                "02:700002000000000000000000040a",
                "02:700002000000000000000000040b",
                "02:7000060000000000000000002a02",
                "02:7000060000000000000000002a09",
                "02:7000060000000000000000003f0e",
                "02:7100030000000000000000000c00"
            })
    void whateverARefusalIsThatNeverPassesItEndsInTimeAndIsNoStorm(String refusal) {
        unit.open().always(FakeUnit.READ_16, refusal);
        read(200);
        unit.passMillis(19_900);
        assertThat(outcomes.told).isEmpty();
        assertThat(unit.cdbs.stream().filter(cdb -> cdb.startsWith("88")))
                .as("reads in 20 s")
                .hasSizeLessThan(200);
        unit.passMillis(1_200);
        assertThat(outcomes.told).isEqualTo(Collections.nCopies(200, "IO"));
    }

    @ParameterizedTest
    @CsvSource({"true, 120", "false, 20"})
    void whereRequestsAreHeldABusyUnitIsWaitedForAsLongAsAFailoverTakes(boolean holdsInFlight, int seconds) {
        unit.open(RecoveryPolicy.DEFAULT.withHoldsInFlight(holdsInFlight)).always(FakeUnit.READ_16, FakeUnit.BUSY);
        read(1);
        unit.passMillis(seconds * 1000 - 1000);
        assertThat(outcomes.told).isEmpty();
        unit.passMillis(2_000);
        assertThat(outcomes.told).containsExactly("IO");
    }

    @Test
    void aUnitGetsNoMoreCommandsAtOnceThanItMayHave() {
        unit.open(RecoveryPolicy.DEFAULT, new SessionConfig.Limits(32, 4, 0));
        unit.ignored = FakeUnit.READ_16;
        read(20);
        unit.passMillis(100);
        assertThat(unit.cdbs.stream().filter(cdb -> cdb.startsWith("88"))).hasSize(4);
    }

    @Test
    void aRequestThatComesLateHasItsOwnTime() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.BUSY);
        read(1);
        unit.passMillis(15_000);
        read(1);
        unit.passMillis(6_000);
        assertThat(outcomes.told).containsExactly("IO");
        unit.passMillis(13_000);
        assertThat(outcomes.told).containsExactly("IO");
        unit.passMillis(2_000);
        assertThat(outcomes.told).containsExactly("IO", "IO");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08:", "28:", "02:7000060000000000000000002900", "02:7000020000000000000000000401"})
    void timeThatACommandSpendsWithTheTargetIsNoTimeOfRefusals(String refusal) {
        unit.open().next(FakeUnit.READ_16, refusal);
        read(1);
        unit.target.channel.advanceTimeBy(30, TimeUnit.SECONDS);
        unit.target.channel.runScheduledPendingTasks();
        unit.passMillis(100);
        assertThat(outcomes.told).containsExactly("512 bytes");
    }

    @Test
    void oneCommandAtATimeAsksWhetherItPasses() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.BUSY);
        read(DEPTH);
        unit.passMillis(5_000);
        unit.cdbs.clear();
        unit.passMillis(5_000);
        assertThat(unit.cdbs.size()).isBetween(9, 11);
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA);
        unit.passMillis(505);
        assertThat(outcomes.told).isEqualTo(Collections.nCopies(DEPTH, "512 bytes"));
    }

    @Test
    void aFullTaskSetLowersTheDepthAndEverythingIsServedAtOnce() {
        unit.open();
        Throttle throttle = unit.disk().access().throttle();
        unit.next(FakeUnit.READ_16, Collections.nCopies(8, BLOCK_OF_DATA).toArray(new String[0]));
        unit.next(
                FakeUnit.READ_16, Collections.nCopies(DEPTH - 8, TASK_SET_FULL).toArray(new String[0]));
        read(DEPTH);
        unit.passMillis(100);
        assertThat(outcomes.told).isEqualTo(Collections.nCopies(DEPTH, "512 bytes"));
        assertThat(throttle.depth().current()).isLessThan(DEPTH);
        assertThat(throttle.depth().inFlight()).isZero();
    }

    @Test
    void noMoreAtOnceThanTheDepthSays() {
        unit.open();
        unit.next(FakeUnit.READ_16, TASK_SET_FULL);
        read(1);
        unit.passMillis(10);
        assertThat(unit.disk().access().throttle().depth().current()).isEqualTo(1);
        read(5);
        assertThat(unit.target.sent()).hasSize(1);
        assertThat(unit.disk().access().held()).isEqualTo(4);
    }

    @Test
    void theOrderIsKept() {
        unit.open();
        unit.next(FakeUnit.READ_16, FakeUnit.BUSY);
        read(1);
        unit.run();
        unit.disk().write(512, Unpooled.directBuffer(512).writeZero(512), Durability.CACHED, outcomes);
        unit.passMillis(50);
        assertThat(outcomes.told).containsExactly("512 bytes", "0 bytes");
        assertThat(unit.cdbs.get(2)).startsWith("8a");
    }

    @Test
    void whatIsAbortedAgainAndAgainEndsAfterFiveAttempts() {
        unit.open().always(FakeUnit.READ_16, "02:70000b0000000000000000004705");
        read(1);
        unit.run();
        assertThat(outcomes.told).containsExactly("IO");
        assertThat(unit.cdbs).hasSize(5);
    }

    @Test
    void aClosedDiskSendsNothingOfWhatWaits() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.BUSY);
        read(10);
        unit.passMillis(1_000);
        unit.disk().close(outcomes);
        unit.cdbs.clear();
        unit.passMillis(2_000);
        assertThat(unit.cdbs).isEmpty();
        assertThat(outcomes.told).hasSize(11).endsWith("0 bytes");
    }

    private void read(int requests) {
        for (int i = 0; i < requests; i++) {
            unit.disk().read(0, 512, outcomes);
        }
    }
}
