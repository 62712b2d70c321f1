package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.NeedsTools;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Verified I/O through connections that are slow, that stall, that break and that lie: nothing is lost, nothing is
 * wrong, and no request fails. The seed is printed; {@code LUNBRIDGE_FAULT_SEED} makes the same choices again.
 */
@NeedsTools({"tgtd", "fio"})
class VerifiedFaultsTest {

    private static final int LONG_SECONDS =
            Integer.parseInt(System.getenv().getOrDefault("LUNBRIDGE_FAULT_SECONDS", "120"));

    /** Each kind once, in an order of the seed's. */
    @Test
    void eachFaultOnce() throws Exception {
        long seed = seed();
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        Collections.shuffle(faults, new Random(seed));
        run("each fault once", seed, 15, faults.stream());
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfEnvironmentVariable(named = "LUNBRIDGE_LONG", matches = ".+")
    void oneKindForMinutes(Fault fault) throws Exception {
        run(fault + " only", seed(), LONG_SECONDS, forSeconds(LONG_SECONDS, fault));
    }

    private static Stream<Fault> forSeconds(int seconds, Fault fault) {
        long endNanos = System.nanoTime() + seconds * 1_000_000_000L;
        return Stream.generate(() -> fault).takeWhile(each -> System.nanoTime() - endNanos < 0);
    }

    private static long seed() {
        String seed = System.getenv("LUNBRIDGE_FAULT_SEED");
        return seed == null ? System.nanoTime() : Long.parseLong(seed);
    }

    private static void run(String title, long seed, int seconds, Stream<Fault> faults) throws Exception {
        try (FaultRig rig = new FaultRig(seed);
                FioLoad fio = rig.fio(seconds)) {
            long startNanos = System.nanoTime();
            rig.load().start();
            faults.forEach(rig::inject);
            rig.awaitProgress();
            fio.awaitGood();
            long verifiedSeconds = (System.nanoTime() - startNanos) / 1_000_000_000;
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isZero();
            Figures.add("faults, " + title + ": " + verifiedSeconds + " s of verified I/O, " + rig.figures());
        }
    }
}
