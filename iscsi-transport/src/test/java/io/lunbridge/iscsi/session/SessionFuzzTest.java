package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Digests;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Flow;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Seeded nonsense for whole sessions: whatever a target sends, no exception comes out, nothing hangs, no buffer stays, and
 * no read succeeds with bytes that are not its own. An input is one to three PDUs. LUNBRIDGE_FUZZ_INPUTS says how many
 * there are over all tests here.
 */
@Tag("once")
class SessionFuzzTest {

    private static final long INPUTS = Long.parseLong(System.getenv().getOrDefault("LUNBRIDGE_FUZZ_INPUTS", "100000"));
    private static final int TESTS = 4;

    @ParameterizedTest(name = "digests {0}, any order {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void noTargetBreaksASession(boolean digests, boolean anyOrder) {
        SessionFuzz.Tally tally = new SessionFuzz.Tally();
        for (long seed = 1; tally.inputs < INPUTS / TESTS; seed++) {
            Random random = new Random(seed * 4 + (digests ? 2 : 0) + (anyOrder ? 1 : 0));
            try {
                new SessionFuzz(random, keys(random, digests, anyOrder), tally).run();
            } catch (Throwable e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
        String reached = tally.inputs + " inputs, " + tally.sessions + " sessions, " + tally.dropped + " dropped, "
                + tally.readsRight + " reads, " + tally.writesRight + " writes";
        assertThat(tally.dropped).as(reached).isBetween(tally.sessions / 10, tally.sessions - 1);
        assertThat(tally.readsRight).as(reached).isGreaterThan(tally.inputs / 100);
        assertThat(tally.writesRight).as(reached).isGreaterThan(tally.inputs / 100);
    }

    private static NegotiatedKeys keys(Random random, boolean digests, boolean anyOrder) {
        Flow flow = new Flow(random.nextBoolean(), random.nextBoolean(), !anyOrder, !anyOrder, 1 + random.nextInt(8));
        return TestTarget.keys(flow, new Digests(digests, digests));
    }
}
