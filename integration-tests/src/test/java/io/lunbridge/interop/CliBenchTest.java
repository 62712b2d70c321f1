package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code lunbridge bench} on tgt, as a user calls it. */
@Tag("once")
@NeedsTools({"tgtd", "tgtadm"})
class CliBenchTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SIZE_BYTES = 8 << 20;

    @Test
    void aTableOfReadsAndNothingIsWritten() throws IOException {
        try (TgtTarget target = TgtTarget.start()) {
            Path file = target.newFile(SIZE_BYTES);
            int lun = target.addLun(file, "rdwr");
            Lunbridge.Outcome outcome =
                    Lunbridge.run("bench", target.url(lun), "--seconds", "1", "--random", "--depth", "8");
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            List<String> lines = outcome.out().lines().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).matches("workload +depth +IOPS +MiB/s +mean +p50 +p90 +p99 +p99.9 +max");
            assertThat(lines.get(1)).matches("random read 4 KiB +8 +[1-9].*s");
            assertThat(Files.readAllBytes(file)).containsOnly(0);
            assertThat(target.sessionCount()).isZero();
        }
    }

    @Test
    void writesStayInTheirRangeAndTheReportIsJson() throws IOException {
        try (TgtTarget target = TgtTarget.start()) {
            Path file = target.newFile(SIZE_BYTES);
            int lun = target.addLun(file, "rdwr");
            Lunbridge.Outcome outcome = Lunbridge.run(
                    "bench",
                    target.url(lun),
                    "--seconds",
                    "1",
                    "--sequential",
                    "--block-size",
                    "64K",
                    "--depth",
                    "4",
                    "--write",
                    "--offset",
                    "1M",
                    "--length",
                    "2M",
                    "-o",
                    "json");
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.err()).contains("2 MiB from byte 1048576 is destroyed");
            assertThat(outcome.out())
                    .contains("\"complete\": true", "\"kind\": \"read\"", "\"kind\": \"write\"", "\"p99_9Micros\": ");
            assertOnlyWritten(file, 1 << 20, 2 << 20);
        }
    }

    private static void assertOnlyWritten(Path file, int from, int length) throws IOException {
        try (RandomAccessFile medium = new RandomAccessFile(file.toFile(), "r")) {
            byte[] all = new byte[SIZE_BYTES];
            medium.readFully(all);
            for (int at = 0; at < SIZE_BYTES; at += 4096) {
                boolean written = false;
                for (int i = at; i < at + 4096; i++) {
                    written |= all[i] != 0;
                }
                assertThat(written).as("block at %d", at).isEqualTo(at >= from && at < from + length);
            }
        }
    }

    @Test
    void badInputEndsInASentence() {
        try (TgtTarget target = TgtTarget.start()) {
            String url = target.url(target.addReadOnlyLun(SIZE_BYTES));
            refused(ExitCode.USAGE, "--yes", "bench", url, "--write");
            refused(ExitCode.USAGE, "--depth", "bench", url, "--depth", "257");
            refused(ExitCode.USAGE, "--block-size", "bench", url, "--block-size", "1000");
            refused(ExitCode.NOT_PERMITTED, "write-protected", "bench", url, "--write", "--yes");
        }
    }

    private static void refused(ExitCode code, String word, String... command) {
        Lunbridge.Outcome outcome = Lunbridge.run(command);
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(code.number());
        assertThat(outcome.err().lines().filter(line -> line.startsWith("lunbridge:")))
                .singleElement()
                .asString()
                .contains(word);
    }

    @Test
    void aTargetThatDiesEndsItInASentence() {
        try (TgtTarget target = TgtTarget.start();
                BackgroundProcess bench = started(target)) {
            target.kill();
            assertThat(bench.awaitExit(LIMIT)).isEqualTo(ExitCode.UNREACHABLE.number());
            // Besides what the log says of the session.
            assertThat(bench.output().lines().filter(line -> line.startsWith("lunbridge:") && !line.contains(" WARN ")))
                    .singleElement()
                    .asString()
                    .contains("session was lost", "random read 4 KiB");
        }
    }

    @Test
    void anInterruptPrintsWhatThereIs() {
        try (TgtTarget target = TgtTarget.start();
                BackgroundProcess bench = started(target)) {
            bench.signal("INT");
            assertThat(bench.awaitExit(LIMIT)).isZero();
            assertThat(bench.output().lines().filter(line -> line.startsWith("random read 4 KiB")))
                    .isNotEmpty();
            assertThat(bench.output()).doesNotContain("lunbridge:");
            Waiting.until(LIMIT, () -> target.sessionCount() == 0, () -> "still logged in");
        }
    }

    /** With its first line printed, so in its second workload. */
    private static BackgroundProcess started(TgtTarget target) {
        BackgroundProcess bench = Lunbridge.start("bench", target.url(target.addNullLun()), "--seconds", "1");
        bench.awaitLine("random read 4 KiB", LIMIT);
        return bench;
    }
}
