package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/bench}: one workload, once, with all that it can write; and what it says of bad options. */
@Tag("once")
@NeedsTools({"tgtd", "fio", "qemu-nbd", "python3", "strace"})
class BenchTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String READ_ROW = "import json, sys; report = json.load(open(sys.argv[1])); "
            + "print(*sorted(report['workloads']['null.read-1m-8']), *(row['goal'] for row in report['goals']), sep='\\n')";

    @TempDir
    Path directory;

    @Test
    void oneWorkloadComesOutAsMarkdownAsJsonAndAsOneHtmlFile() throws IOException {
        Path json = directory.resolve("report.json");
        Path html = directory.resolve("report.html");

        String table = bench("--quick", "--pairs=1", "--only=null.read-1m", "--json=" + json, "--html=" + html)
                .orFail()
                .output();

        assertThat(table).contains("| 1 MiB sequential read, depth 8, null LUN | ≥ 1.5 × |");
        assertThat(Processes.run("python3", "-c", READ_ROW, json.toString()).output())
                .isEqualTo("lunbridge\nqemu-nbd\n1 MiB sequential read, depth 8, null LUN\n");
        String page = Files.readString(html);
        assertThat(page)
                .contains(
                        "1 MiB read, depth 8",
                        "<svg",
                        "id=\"goals\"",
                        "id=\"throughput\"",
                        "id=\"latency\"",
                        "id=\"cpu\"",
                        "id=\"figures\"");
        assertThat(page).doesNotContain("://").doesNotContain("<script");
    }

    @Test
    void badOptionsEndInASentence() {
        assertThat(bench("--write").exitStatus()).isEqualTo(2);
        assertThat(bench("--write").output()).contains("--write goes with an iscsi:// URL");
        assertThat(bench("iscsi://host").output()).contains("iscsi://HOST[:PORT]/TARGET-NAME/LUN, not iscsi://host");
        assertThat(bench("--only=nothing").exitStatus()).isEqualTo(1);
        assertThat(bench("--only=nothing").output()).contains("no run has such a name; names are null.randread-4k-1,");
    }

    private Processes.Outcome bench(String... options) {
        List<String> command = new ArrayList<>(List.of("../scripts/bench", "--lunbridge=" + launcher()));
        command.addAll(List.of(options));
        return Processes.outcome(LIMIT, Lunbridge.environment(), command);
    }

    /** The program of these tests, which need not be packaged. */
    private Path launcher() {
        Path launcher = directory.resolve("lunbridge");
        try {
            Files.writeString(launcher, "#!/bin/sh\nexec '" + String.join("' '", Lunbridge.command()) + "' \"$@\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return launcher;
    }
}
