package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A LUN of tgt over four sessions, and clients with several connections. */
@Tag("once")
@NeedsTools({"tgtd", "nbdinfo", "nbdcopy", "qemu-io", "fio"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LanesTest {

    private static final int LANES = 4;
    private static final long SIZE = 16 << 20;
    private static final int BLOCKS = 1024;
    private static final long ANSWER_LIMIT_MILLIS = 30_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private TgtTarget target;
    private Path lunFile;
    private String url;
    private ServedLun served;

    @BeforeAll
    void startTarget() {
        target = TgtTarget.start();
    }

    @BeforeEach
    void serve() {
        lunFile = target.newFile(SIZE);
        url = target.url(target.addLun(lunFile, "rdwr"));
        served = new ServedLun(url, "--lanes", "" + LANES);
    }

    @AfterEach
    void stopServing() {
        served.close();
    }

    @AfterAll
    void stopTarget() {
        target.close();
    }

    @Test
    void eachLaneHasASessionAndClientsMayUseThemAll() throws IOException {
        assertThat(target.sessionCount()).isEqualTo(LANES);
        assertThat(Processes.outcome(LIMIT, "nbdinfo", "--json", served.uri())
                        .orFail()
                        .output())
                .contains("\"can_multi_conn\": true")
                .contains("\"block_size_minimum\": 512");
        // Two clients that write parts of one block at the same time would lose one: nobody may write parts.
        try (NbdClient client = new NbdClient(served.socket())) {
            client.send(NbdClient.READ, 1, 100, 100);
            assertThat(client.receive()).isEqualTo(new NbdClient.Reply(22, 1));
        }
        assertThat(served.terminate()).as(served.process().output()).isZero();
        assertThat(target.sessionCount()).isZero();
    }

    @Test
    void aServerThatWasKilledTakesItsOldSessionsPlaces() {
        served.process().kill();
        try (ServedLun again = new ServedLun(url, "--lanes", "" + LANES)) {
            assertThat(target.sessionCount()).as(again.process().output()).isEqualTo(LANES);
        }
    }

    /** What one connection wrote and another flushed a third one reads, many times over. */
    @Test
    void whatIsAnsweredOnOneConnectionIsThereForAll() throws IOException {
        long seed = System.nanoTime();
        try (VersionedLoad load = new VersionedLoad(served.socket(), BLOCKS, seed, 2 * LANES)) {
            load.start();
            Waiting.until(
                    LIMIT,
                    () -> load.answered() > 5_000,
                    () -> "seed " + seed + "\n" + served.process().output());
            load.stop(ANSWER_LIMIT_MILLIS);
            load.readAll(ANSWER_LIMIT_MILLIS);
            load.flush(ANSWER_LIMIT_MILLIS);
            assertThat(served.terminate()).as(served.process().output()).isZero();
            load.checkFile(lunFile);
            assertThat(load.wrong()).as("seed " + seed).isEmpty();
            assertThat(load.failed() + load.failedFlushes()).isZero();
        }
    }

    @Test
    void nbdcopyCopiesAnImageOutAndInByFourConnections(@TempDir Path directory) throws IOException {
        Path image = randomImage(directory);
        Path copy = directory.resolve("copy.img");

        Processes.run("nbdcopy", "--connections=4", "--flush", image.toString(), served.uri());
        assertThat(Files.mismatch(image, lunFile)).isEqualTo(-1);
        Processes.run("nbdcopy", "--connections=4", served.uri(), copy.toString());
        assertThat(Files.mismatch(image, copy)).isEqualTo(-1);
    }

    @Test
    void fioVerifiesByFourConnections() {
        String output = Processes.outcome(
                        LIMIT,
                        "fio",
                        "--name=verify",
                        "--ioengine=nbd",
                        "--uri=" + served.uri(),
                        "--numjobs=4",
                        "--size=" + SIZE / 4,
                        "--offset_increment=" + SIZE / 4,
                        "--rw=randwrite",
                        "--bsrange=512-128k",
                        "--iodepth=8",
                        "--verify=crc32c",
                        "--verify_fatal=1",
                        "--verify_state_save=0",
                        "--group_reporting")
                .orFail()
                .output();

        assertThat(output).contains("err= 0");
    }

    @Test
    void closesUnderLoadWithNothingLost() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        try (VersionedLoad load = new VersionedLoad(served.socket(), BLOCKS, seed, LANES)) {
            load.start();
            Waiting.until(
                    LIMIT, () -> load.answered() > 1_000, () -> served.process().output());

            assertThat(served.terminate()).as(served.process().output()).isZero();

            assertThat(target.sessionCount()).isZero();
            load.abandon(ANSWER_LIMIT_MILLIS);
            load.checkFile(lunFile);
            assertThat(load.wrong()).as("seed " + seed).isEmpty();
        }
    }

    private static Path randomImage(Path directory) throws IOException {
        Path image = directory.resolve("random.img");
        byte[] bytes = new byte[(int) SIZE];
        new Random(64).nextBytes(bytes);
        try (OutputStream out = Files.newOutputStream(image)) {
            out.write(bytes);
        }
        return image;
    }
}
