package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.Figures;
import io.lunbridge.interop.FioLoad;
import io.lunbridge.interop.NeedsTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Verified I/O through connections that are slow, that stall, that break and that lie: nothing is lost, nothing is
 * wrong, and no request fails. The seed is printed; {@code LUNBRIDGE_FAULT_SEED} makes the same choices again.
 */
@Tag("once")
@NeedsTools({"tgtd", "fio"})
@Tag("lun")
@Tag("lun-core")
class VerifiedFaultsTest {

    /** Of each kind that costs connections; a third for the others. */
    private static final int LONG_SECONDS =
            Integer.parseInt(System.getenv().getOrDefault("LUNBRIDGE_FAULT_SECONDS", "60"));

    /** Beyond ten seconds a session counts as stable, and the next login after it is not put off. */
    private static final int LIFE_MILLIS = 9_000;

    private static final int LIFE_SPREAD_MILLIS = 4_000;

    /**
     * Each kind once, three disks at the same time: most of it is waiting, and with more losses in a row a disk would
     * take them for a storm.
     */
    @Test
    void eachFaultOnce() {
        long seed = seed();
        List<List<Fault>> sets = List.of(
                List.of(Fault.STALL, Fault.CUT, Fault.CORRUPT_HEADER),
                List.of(Fault.DELAY, Fault.RESET, Fault.LATE),
                List.of(Fault.SPLIT, Fault.HALF_OPEN, Fault.CORRUPT_DATA));
        CompletableFuture<?>[] runs = sets.stream()
                .map(set -> CompletableFuture.runAsync(() -> run("each once", seed, 8, rig -> injectAll(set, rig))))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(runs).join();
    }

    private static void injectAll(List<Fault> set, FaultRig rig) {
        List<Fault> faults = new ArrayList<>(set);
        Collections.shuffle(faults, rig.random());
        faults.forEach(rig::inject);
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfEnvironmentVariable(named = "LUNBRIDGE_LONG", matches = ".+")
    void oneKindForMinutes(Fault fault) {
        int seconds = fault.costsTheConnection() ? LONG_SECONDS : LONG_SECONDS / 3;
        run(fault + " only", seed(), seconds, rig -> injectFor(seconds, fault, rig));
    }

    private static void injectFor(int seconds, Fault fault, FaultRig rig) {
        long endNanos = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() - endNanos < 0) {
            rig.inject(fault);
            if (fault.costsTheConnection()) {
                rig.awaitProgress();
                live(LIFE_MILLIS + rig.random().nextInt(LIFE_SPREAD_MILLIS));
            }
        }
    }

    private static void live(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** What is done to a rig while it is in use. */
    private interface Trouble {
        void to(FaultRig rig);
    }

    private static long seed() {
        String seed = System.getenv("LUNBRIDGE_FAULT_SEED");
        return seed == null ? System.nanoTime() : Long.parseLong(seed);
    }

    private static void run(String title, long seed, int seconds, Trouble trouble) {
        try (FaultRig rig = new FaultRig(seed);
                FioLoad fio = rig.fio(seconds)) {
            long startNanos = System.nanoTime();
            rig.load().start();
            trouble.to(rig);
            rig.awaitProgress();
            fio.awaitGood();
            long verifiedSeconds = (System.nanoTime() - startNanos) / 1_000_000_000;
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isZero();
            Figures.add("faults, " + title + ": " + verifiedSeconds + " s of verified I/O, " + rig.figures());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
