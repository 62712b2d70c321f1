package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of {@code lunbridge serve}: ready, served, stopped by a signal, and what happens when the target dies. */
@NeedsTools({"tgtd", "nbdinfo", "qemu-io"})
@Tag("lun")
@Tag("lun-core")
class CliServeTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private TgtTarget target;
    private int lun;

    @BeforeEach
    void start() {
        target = TgtTarget.start();
        lun = target.addFileLun(64 * MEBIBYTE);
    }

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void servesASocketUntilItIsTerminated() throws Exception {
        Path socket = directory.resolve("a b.sock");
        try (BackgroundProcess serve =
                Lunbridge.start("serve", target.url(lun), "--socket", socket.toString(), "--export", "disk")) {
            String uri = readyUri(serve);

            assertThat(uri)
                    .isEqualTo("nbd+unix:///disk?socket=" + socket.toString().replace(" ", "%20"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(Processes.run("nbdinfo", "--size", uri).output().strip()).isEqualTo("67108864");
            Processes.run("qemu-io", "-f", "raw", "-c", "write -P 7 1000 5000", "-c", "read -P 7 1000 5000", uri);
            assertThat(target.sessionCount())
                    .isEqualTo(Integer.parseInt(System.getenv().getOrDefault("LUNBRIDGE_LANES", "1")));

            serve.signal("TERM");

            assertThat(serve.awaitExit(STOP_LIMIT)).as(serve.output()).isZero();
            assertThat(serve.output()).hasLineCount(1);
        }
        assertThat(directory).isEmptyDirectory();
        assertThat(target.sessionCount()).isZero();
    }

    @Test
    void servesAPartReadOnlyOnTcp() {
        try (BackgroundProcess serve = Lunbridge.start(
                "serve", target.url(lun), "--listen", "127.0.0.1:0", "-r", "--offset", "1M", "--length", "2M")) {
            String uri = readyUri(serve);

            assertThat(uri).matches("nbd://127\\.0\\.0\\.1:[1-9][0-9]*/");
            assertThat(Processes.run("nbdinfo", uri).output()).contains("2097152", "is_read_only: true");

            serve.signal("INT");

            assertThat(serve.awaitExit(STOP_LIMIT)).as(serve.output()).isZero();
        }
    }

    @Test
    void keepsAFileOfStatistics() throws Exception {
        Path file = directory.resolve("statistics");
        String socket = directory.resolve("s").toString();
        try (BackgroundProcess serve =
                Lunbridge.start("serve", target.url(lun), "--socket", socket, "--stats", file.toString())) {
            Processes.run("qemu-io", "-f", "raw", "-c", "write -P 7 0 4096", "-c", "read -P 7 0 4096", readyUri(serve));
            serve.signal("TERM");
            assertThat(serve.awaitExit(STOP_LIMIT)).as(serve.output()).isZero();
        }
        assertThat(Files.readAllLines(file))
                .anyMatch(line -> line.startsWith("Stats for session [target: iqn."))
                .contains("\tlogin_pdus: 2", "\tlogins: 1", "\twrite_octets: 4096", "\tqueue_depth: 128");
    }

    @Test
    void aLostSessionIsAnErrorAndNoHang() {
        String socket = directory.resolve("s").toString();
        try (BackgroundProcess serve =
                Lunbridge.start("serve", target.url(lun), "--socket", socket, "--replacement-timeout", "1")) {
            String uri = readyUri(serve);
            target.kill();

            Processes.Outcome read = Processes.outcome(STOP_LIMIT, "qemu-io", "-f", "raw", "-c", "read 0 4096", uri);

            assertThat(read.output()).contains("Input/output error");
            serve.awaitLine("session", START_LIMIT);
            serve.signal("TERM");
            serve.awaitExit(STOP_LIMIT);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aClientThatStaysDoesNotKeepItAlive() {
        String socket = directory.resolve("s").toString();
        try (BackgroundProcess serve = Lunbridge.start("serve", target.url(lun), "--socket", socket);
                BackgroundProcess client =
                        BackgroundProcess.start("sh", "-c", "sleep 60 | qemu-io -f raw '" + readyUri(serve) + "'")) {
            serve.signal("TERM");

            assertThat(serve.awaitExit(STOP_LIMIT)).as(serve.output()).isZero();
            assertThat(client.isAlive()).isTrue();
        }
        assertThat(target.sessionCount()).isZero();
    }

    private static String readyUri(BackgroundProcess serve) {
        return serve.awaitLine("ready ", START_LIMIT).substring("ready ".length());
    }
}
