package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.Figures;
import io.lunbridge.interop.FioLoad;
import io.lunbridge.interop.NbdClient;
import io.lunbridge.interop.NeedsTools;
import io.lunbridge.interop.ServedLun;
import io.lunbridge.interop.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The network or the target is gone, for shorter or longer than requests may wait. */
@Tag("once")
@NeedsTools({"tgtd", "fio"})
@Tag("lun")
class OutageTest {

    private static final int SHORT_SECONDS = 4;

    @Test
    void anOutageThatIsTooLongEndsInErrorsInTimeAndThenItWorksAgain() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime(), "--replacement-timeout", "" + SHORT_SECONDS)) {
            rig.load().start();
            rig.awaitProgress();
            assertThat(rig.load().failed()).isZero();

            long startNanos = System.nanoTime();
            rig.proxy().interrupt();
            Waiting.until(Duration.ofSeconds(20), () -> rig.load().failed() > 0, rig::describe);
            assertThat((System.nanoTime() - startNanos) / 1e9)
                    .as(rig::describe)
                    .isBetween((double) SHORT_SECONDS, SHORT_SECONDS + 1.0);
            failFast(rig);

            rig.proxy().restore();
            rig.awaitProgress();
            rig.finish();
            Figures.add("outage longer than " + SHORT_SECONDS + " s: " + rig.figures());
        }
    }

    /** Whatever is asked now is answered at once. */
    private static void failFast(FaultRig rig) {
        long before = rig.load().failed();
        long startNanos = System.nanoTime();
        Waiting.until(Duration.ofSeconds(20), () -> rig.load().failed() > before + 500, rig::describe);
        assertThat((System.nanoTime() - startNanos) / 1e9).as(rig::describe).isLessThan(2.0);
    }

    @Test
    void theTargetIsKilledAndStartedAgain() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime());
                FioLoad fio = rig.fio(6)) {
            rig.load().start();
            rig.awaitProgress();
            for (int i = 0; i < 2; i++) {
                rig.target().kill();
                rig.target().restart();
                rig.awaitProgress();
            }
            fio.awaitGood();
            assertThat(rig.target().sessionCount()).isEqualTo(FaultRig.SESSIONS);
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isZero();
            Figures.add("target killed and restarted: " + rig.figures());
        }
    }

    @Test
    void aTargetThatIsStoppedForLongerThanThePingLimitIsLeftAndFoundAgain() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime())) {
            rig.load().start();
            rig.awaitProgress();
            stopTarget(rig, 800);
            rig.awaitProgress();
            assertThat(rig.proxy().connectionCount())
                    .as("a short stop costs no connection")
                    .isEqualTo(FaultRig.SESSIONS);

            stopTarget(rig, 4000);
            rig.awaitProgress();
            assertThat(rig.proxy().connectionCount()).isGreaterThan(FaultRig.SESSIONS);
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isZero();
            Figures.add("target stopped: " + rig.figures());
        }
    }

    /** What is lost just when the server is told to end has the time for Time2Wait and a second attempt. */
    @Test
    void aSessionThatIsLostAtTheEndMayReturnForTheLastFlush() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime())) {
            rig.load().start();
            rig.awaitProgress();
            rig.load().stop(20_000);
            assertThat(rig.load().flush(20_000)).as(rig::describe).isTrue();

            rig.proxy().interrupt();
            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(rig.served()::terminate);
            Waiting.until(
                    Duration.ofSeconds(20),
                    () -> rig.served().process().output().contains("login 1 failed"),
                    rig::describe);
            rig.proxy().restore();
            assertThat(exitCode.get()).as(rig::describe).isZero();
        }
    }

    /** The session of a process that was killed is still there when the next one comes, and goes. */
    @Test
    void aServerThatWasKilledTakesItsOldSessionsPlace() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime())) {
            rig.load().start();
            rig.inject(Fault.HALF_OPEN);
            rig.served().process().kill();
            assertThat(rig.target().sessionCount()).isEqualTo(1);

            try (ServedLun again = rig.serve();
                    NbdClient client = new NbdClient(again.socket())) {
                assertThat(client.sizeBytes()).isEqualTo(FaultRig.SIZE_BYTES);
                assertThat(rig.target().sessionCount()).isEqualTo(FaultRig.SESSIONS);
            }
        }
    }

    /** A stop has no event to wait for: only its length counts. */
    private static void stopTarget(FaultRig rig, int millis) throws InterruptedException {
        rig.target().stop();
        Thread.sleep(millis);
        rig.target().resume();
    }
}
