package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Sessions are lost at random, with commands executed or not, early or late, and now and then the target's power with
 * its cache; the client must never find a block that it has not been told of. Every other unit has no FUA. A failing seed
 * fails always.
 */
class DiskSimulationTest {

    private static final int SEEDS = Integer.getInteger("lunbridge.simulation.seeds", 60);
    private static final int STEPS = 300;
    private static final int STEP_MILLIS = 100;

    private int losses;
    private int powerCuts;
    private int repeated;
    private int answered;
    private int failedFlushes;

    @Test
    void nothingThatWasAnsweredIsLostOrOverwritten() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                run(seed, policy(seed), seed % 2 == 0);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(losses).as("losses").isGreaterThan(2 * SEEDS);
        assertThat(powerCuts).as("power cuts").isGreaterThan(SEEDS / 4);
        assertThat(repeated).as("writes that came twice").isGreaterThan(SEEDS / 4);
        assertThat(answered).as("answers").isGreaterThan(50 * SEEDS);
        assertThat(failedFlushes).as("flushes that told of a loss").isGreaterThan(SEEDS / 4);
    }

    /** Patient, hasty, and with a multipath layer above. */
    private static RecoveryPolicy policy(int seed) {
        RecoveryPolicy policy = RecoveryPolicy.DEFAULT.withHoldsInFlight(seed % 3 != 2);
        return seed % 3 == 1 ? policy.withReplacementSeconds(5) : policy;
    }

    private void run(int seed, RecoveryPolicy policy, boolean forceUnitAccess) {
        Random random = new Random(seed);
        try (FakeUnit unit = new FakeUnit()) {
            String parameters = forceUnitAccess ? "17001000" : "17000000";
            unit.always(FakeUnit.MODE_SENSE_6, parameters + "081204" + "00".repeat(17));
            unit.open(policy);
            LossyMedium medium = new LossyMedium(unit, random);
            unit.medium = medium;
            medium.lossesPerThousand = 20;
            LossyClient client = new LossyClient(unit.disk(), random);
            for (int step = 0; step < STEPS; step++) {
                for (int requests = random.nextInt(6); requests > 0; requests--) {
                    client.next();
                }
                unit.run();
                medium.work();
                unit.reachable |= random.nextInt(30) == 0;
                unit.passMillis(STEP_MILLIS, STEP_MILLIS);
            }
            settle(unit, medium, client);
            for (int block = 0; block < LossyMedium.BLOCKS; block++) {
                client.check(block, medium.value(block));
            }
            if (policy.equals(RecoveryPolicy.DEFAULT) && forceUnitAccess) {
                assertThat(client.failed).as("failures besides flushes").isEqualTo(client.failedFlushes);
            }
            count(medium, client);
        }
    }

    /** Lets everything end, and flushes: the second flush at the latest has nothing to tell of. */
    private static void settle(FakeUnit unit, LossyMedium medium, LossyClient client) {
        medium.lossesPerThousand = 0;
        unit.reachable = true;
        for (int flushes = 0; flushes < 3; flushes++) {
            for (int passed = 0; !client.isIdle(); passed += STEP_MILLIS) {
                assertThat(passed).as("a request hangs").isLessThan(300_000);
                medium.work();
                unit.passMillis(STEP_MILLIS, STEP_MILLIS);
            }
            if (flushes < 2) {
                client.flush();
                unit.run();
            }
        }
    }

    private void count(LossyMedium medium, LossyClient client) {
        losses += medium.losses;
        powerCuts += medium.powerCuts;
        repeated += medium.repeated();
        answered += client.answered;
        failedFlushes += client.failedFlushes;
    }
}
