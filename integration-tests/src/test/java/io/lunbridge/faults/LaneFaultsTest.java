package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.Figures;
import io.lunbridge.interop.NeedsTools;
import io.lunbridge.interop.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Four lanes, of which one is in trouble, or all are; and a load that writes, flushes and reads on any of them. */
@Tag("once")
@NeedsTools("tgtd")
class LaneFaultsTest {

    private static final int LANES = 4;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Test
    void whatIsLostOnOneLaneIsMadeGoodAndTheDataIsRightOnAll() throws Exception {
        try (FaultRig rig = new FaultRig(LANES, System.nanoTime(), "--lanes", "" + LANES)) {
            rig.load().start();
            rig.awaitProgress();
            assertThat(rig.target().sessionCount()).isEqualTo(LANES);
            for (Fault fault : new Fault[] {Fault.CUT, Fault.LATE, Fault.HALF_OPEN}) {
                rig.inject(fault);
                rig.awaitProgress();
            }
            rig.target().kill();
            rig.target().restart();
            rig.awaitProgress();
            Waiting.until(LIMIT, () -> rig.target().sessionCount() == LANES, rig::describe);
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isZero();
            Figures.add("faults on four lanes: " + rig.figures());
        }
    }

    /**
     * What the lane that is lost has sent comes to the target when its requests have failed, and after the same blocks could
     * have been written on another lane: so they must not have been, until the target has ended the old session.
     */
    @Test
    void writesThatFailedAndComeLateOverwriteNothingThatWasAnsweredSince() throws Exception {
        String[] options = {"--lanes", "" + LANES, "--replacement-timeout", "2"};
        try (FaultRig rig = new FaultRig(LANES, System.nanoTime(), options)) {
            rig.load().start();
            rig.awaitProgress();
            rig.proxy().refuseNew();
            rig.inject(Fault.LATE);
            Waiting.until(LIMIT, () -> rig.load().failed() > 20_000, rig::describe);
            rig.load().stop(LIMIT.toMillis());

            rig.proxy().deliverLate();
            rig.proxy().restore();
            long failed = awaitNoFailures(rig);
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isEqualTo(failed);
            Figures.add("one of four lanes lost for too long: " + rig.figures());
        }
    }

    /** Reads all blocks until no read fails. */
    private static long awaitNoFailures(FaultRig rig) {
        long[] seen = {-1};
        Waiting.until(
                LIMIT,
                () -> {
                    rig.load().readAll(LIMIT.toMillis());
                    boolean good = rig.load().failed() == seen[0];
                    seen[0] = rig.load().failed();
                    return good;
                },
                rig::describe);
        return seen[0];
    }
}
