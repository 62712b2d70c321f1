package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.NbdClient;
import io.lunbridge.interop.NeedsTools;
import io.lunbridge.interop.Processes;
import io.lunbridge.interop.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The target's administrator changes the LUN that is in use. */
@Tag("once")
@NeedsTools("tgtd")
@Tag("lun")
class LunChangesTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final long ANSWER_LIMIT_MILLIS = 30_000;

    @Test
    void clientsThatComeLaterSeeTheNewSize() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime())) {
            rig.load().start();
            rig.awaitProgress();
            resize(rig, FaultRig.SIZE_BYTES * 3 / 2);
            resize(rig, FaultRig.SIZE_BYTES * 3 / 4);
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isZero();
        }
    }

    /** tgt tells nobody; the session stays as it is. */
    @Test
    void aNewSizeIsNoticedWhileTheSessionLasts() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime(), "--recheck-interval", "1")) {
            rig.load().start();
            rig.awaitProgress();
            for (long bytes : new long[] {FaultRig.SIZE_BYTES * 3 / 2, FaultRig.SIZE_BYTES * 3 / 4}) {
                truncate(rig, bytes);
                Waiting.until(LIMIT, () -> size(rig) == bytes, rig::describe);
                rig.awaitProgress();
            }
            rig.finish();
            assertThat(rig.load().failed()).as(rig::describe).isZero();
            assertThat(rig.proxy().connectionCount()).as(rig::describe).isEqualTo(FaultRig.SESSIONS);
        }
    }

    private static void resize(FaultRig rig, long bytes) {
        truncate(rig, bytes);
        loseSession(rig);

        Waiting.until(LIMIT, () -> size(rig) == bytes, rig::describe);
        rig.awaitProgress();
    }

    private static void truncate(FaultRig rig, long bytes) {
        rig.load().stop(ANSWER_LIMIT_MILLIS);
        rig.target().update(rig.lun(), "online=0");
        Processes.run("truncate", "-s", Long.toString(bytes), rig.file().toString());
        rig.target().update(rig.lun(), "path=" + rig.file());
        rig.target().update(rig.lun(), "online=1");
        rig.load().start();
    }

    /** Without rechecks only a new login asks. */
    private static void loseSession(FaultRig rig) {
        rig.proxy().interrupt();
        rig.proxy().restore();
    }

    private static long size(FaultRig rig) {
        try (NbdClient client = new NbdClient(rig.served().socket())) {
            return client.sizeBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number is the same, the disk is not: nothing may be written to it, and the right one is taken again. */
    @Test
    void anotherUnitIsLeftAloneAndTheRightOneTakenAgain() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime(), "--replacement-timeout", "3")) {
            rig.load().start();
            rig.awaitProgress();
            rig.target().removeLun(rig.lun());
            Waiting.until(LIMIT, () -> rig.load().failed() > 0, rig::describe);

            Path other = rig.target().newFile(FaultRig.SIZE_BYTES);
            rig.target().addLunAt(rig.lun(), other, "rdwr");
            loseSession(rig);
            var unused = rig.served().process().awaitLine("is another unit than before", LIMIT);
            long before = rig.load().failed();
            Waiting.until(LIMIT, () -> rig.load().failed() > before + 200, rig::describe);

            rig.target().removeLun(rig.lun());
            putBack(rig);
            loseSession(rig);
            rig.awaitProgress();
            rig.finish();
            assertThat(hasOnlyZeroes(other)).as(rig::describe).isTrue();
        }
    }

    /** The LUN is exchanged while nobody asks for anything, so that no request meets its absence. */
    @Test
    void anExchangeThatNobodySeesIsNoticedBeforeMuchIsWritten() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime(), "--recheck-interval", "1")) {
            rig.load().start();
            rig.awaitProgress();
            rig.load().stop(ANSWER_LIMIT_MILLIS);
            Path other = rig.target().newFile(FaultRig.SIZE_BYTES);
            rig.target().removeLun(rig.lun());
            rig.target().addLunAt(rig.lun(), other, "rdwr");
            var unused = rig.served().process().awaitLine("is another unit than before", LIMIT);

            rig.load().start();
            Waiting.until(LIMIT, () -> rig.load().failed() > 200, rig::describe);
            rig.target().removeLun(rig.lun());
            putBack(rig);
            rig.awaitProgress();
            rig.finish();
            assertThat(hasOnlyZeroes(other)).as(rig::describe).isTrue();
            assertThat(rig.proxy().connectionCount()).as(rig::describe).isEqualTo(FaultRig.SESSIONS);
        }
    }

    /** An error at once, though the session is as good as ever, and no more than that: back by itself. */
    @Test
    void aLunThatIsTakenAwayAndPutBackNeedsNoNewSession() throws Exception {
        try (FaultRig rig = new FaultRig(System.nanoTime())) {
            rig.load().start();
            rig.awaitProgress();
            rig.target().removeLun(rig.lun());
            Waiting.until(LIMIT, () -> rig.load().failed() > 200, rig::describe);
            assertThat(rig.load().longestSilenceMillis()).as(rig::describe).isLessThan(5000);
            putBack(rig);
            rig.awaitProgress();
            rig.finish();
            assertThat(rig.proxy().connectionCount()).as(rig::describe).isEqualTo(FaultRig.SESSIONS);
        }
    }

    private static void putBack(FaultRig rig) {
        rig.target().addLunAt(rig.lun(), rig.file(), "rdwr");
        rig.target().update(rig.lun(), FaultRig.SERIAL);
    }

    private static boolean hasOnlyZeroes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = in.readNBytes(1 << 20);
            boolean zeroes = true;
            while (zeroes && piece.length > 0) {
                for (byte b : piece) {
                    zeroes &= b == 0;
                }
                piece = in.readNBytes(1 << 20);
            }
            return zeroes;
        }
    }
}
