package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.disk.DiskStatus.State;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people are told of a disk, and their way to end its waiting. The clock is the test's. */
class DiskStatusTest {

    private static final RecoveryPolicy POLICY = RecoveryPolicy.DEFAULT.withRecheckSeconds(0);

    private final FakeUnit unit = new FakeUnit().always(FakeUnit.READ_16, "5a".repeat(512));
    private final Outcomes outcomes = new Outcomes();

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void aDiskIsOnlineWithWhatIsInFlightAndWhatWaits() {
        unit.open(POLICY);
        assertThat(status()).isEqualTo(new DiskStatus(State.ONLINE, 0, 0, -1, ""));
        for (int i = 0; i < 40; i++) {
            read();
        }
        assertThat(status()).isEqualTo(new DiskStatus(State.ONLINE, 32, 8, -1, ""));
        unit.run();
        assertThat(status()).isEqualTo(new DiskStatus(State.ONLINE, 0, 0, -1, ""));
    }

    @Test
    void theSecondsThatAreLeftCountDownToFailure() {
        unit.open(POLICY.withReplacementSeconds(20));
        unit.reachable = false;
        read();
        lose();
        assertThat(status().state()).isEqualTo(State.RECOVERING);
        assertThat(status().secondsLeft()).isEqualTo(20);
        assertThat(status().queued()).isEqualTo(1);
        assertThat(status().inFlight()).isZero();
        assertThat(status().detail()).isEqualTo("lost by the test");
        unit.passMillis(12_500);
        assertThat(status().secondsLeft()).isEqualTo(8);
        unit.passMillis(7_500);
        assertThat(status().state()).isEqualTo(State.FAILED);
        assertThat(status().detail()).startsWith("no usable session for 20 s");
        assertThat(status().secondsLeft()).isEqualTo(-1);
        assertThat(status().queued()).isZero();
        unit.reachable = true;
        unit.passMillis(40_000);
        assertThat(status()).isEqualTo(new DiskStatus(State.ONLINE, 0, 0, -1, ""));
    }

    @Test
    void whoWaitsForEverHasNoSecondsLeft() {
        unit.open(POLICY.withReplacementSeconds(-1));
        unit.reachable = false;
        lose();
        unit.passMillis(300_000, 100);
        assertThat(status().state()).isEqualTo(State.RECOVERING);
        assertThat(status().secondsLeft()).isEqualTo(-1);
    }

    @Test
    void theErrorHandlerAtWorkIsAStateOfItsOwn() {
        unit.open(POLICY);
        unit.ignored = FakeUnit.READ_16;
        read();
        unit.passMillis(62_000);
        assertThat(status().state()).isEqualTo(State.ERROR_HANDLING);
        assertThat(status().inFlight()).isEqualTo(1);
    }

    @Test
    void anotherUnitOrNoneIsGone() {
        unit.open(POLICY);
        unit.always(FakeUnit.INQUIRY, "83", "0083000c" + "010300085000000000000002");
        lose();
        unit.passMillis(2100);
        assertThat(status().state()).isEqualTo(State.GONE);
        assertThat(status().detail()).contains("another unit than before");
        unit.always(FakeUnit.INQUIRY, "83", "0083000c" + "010300085000000000000001");
        unit.passMillis(6000);
        assertThat(status().state()).isEqualTo(State.ONLINE);
    }

    @Test
    void aUnitThatIsMissingAfterALoginIsWaitedForAndThenGone() {
        unit.open(POLICY);
        unit.always(FakeUnit.INQUIRY, "", FakeUnit.NO_SUCH_UNIT);
        lose();
        unit.passMillis(60_000);
        assertThat(status().state()).isEqualTo(State.RECOVERING);
        assertThat(status().detail()).isEqualTo("there is no LUN 1 on this target");
        unit.passMillis(61_000);
        assertThat(status().state()).isEqualTo(State.GONE);
        assertThat(status().detail()).isEqualTo("there is no LUN 1 on this target");
    }

    @Test
    void failingNowEndsTheWaitingForASession() {
        unit.open(POLICY);
        unit.reachable = false;
        read();
        lose();
        assertThat(outcomes.told).isEmpty();
        unit.disk().failNow();
        assertThat(outcomes.told).containsExactly("IO");
        read();
        assertThat(outcomes.told).containsExactly("IO", "IO");
        assertThat(status().state()).isEqualTo(State.FAILED);
        assertThat(status().detail()).startsWith("failed at once, on request: ");
        unit.reachable = true;
        unit.passMillis(40_000);
        read();
        unit.run();
        assertThat(outcomes.told).containsExactly("IO", "IO", "512 bytes");
    }

    /** A write that hangs at the target may still be done: nothing may come after it before the next login. */
    @Test
    void failingNowWithCommandsOnTheWireGivesTheSessionUpFirst() {
        unit.open(POLICY);
        unit.ignored = FakeUnit.READ_16;
        for (int i = 0; i < 40; i++) {
            read();
        }
        unit.run();
        unit.disk().failNow();
        assertThat(unit.target.channel.isOpen()).isFalse();
        assertThat(outcomes.told).hasSize(40).containsOnly("IO");
        read();
        assertThat(outcomes.told).hasSize(41).containsOnly("IO");
        unit.ignored = -1;
        unit.passMillis(3000);
        read();
        unit.run();
        assertThat(outcomes.told).hasSize(42).last().isEqualTo("512 bytes");
    }

    @Test
    void failingNowEndsTheWaitingForABusyUnitToo() {
        unit.open(POLICY).always(FakeUnit.READ_16, FakeUnit.BUSY);
        read();
        unit.passMillis(1000);
        while (status().inFlight() > 0) {
            unit.run();
        }
        assertThat(outcomes.told).isEmpty();
        unit.disk().failNow();
        assertThat(outcomes.told).containsExactly("IO");
        assertThat(unit.target.channel.isOpen()).isTrue();
        assertThat(status().state()).isEqualTo(State.ONLINE);
    }

    @Test
    void failingNowLeavesADiskAloneThatHasNothingToDo() {
        unit.open(POLICY);
        unit.disk().failNow();
        read();
        unit.run();
        assertThat(outcomes.told).containsExactly("512 bytes");
    }

    @Test
    void aClosedSessionIsGone() {
        unit.open();
        lose();
        assertThat(status().state()).isEqualTo(State.GONE);
        assertThat(status().detail()).contains("the session was lost");
    }

    private DiskStatus status() {
        return unit.disk().status();
    }

    private void read() {
        unit.disk().read(0, 512, outcomes);
    }

    private void lose() {
        unit.target.lose(-1);
    }
}
