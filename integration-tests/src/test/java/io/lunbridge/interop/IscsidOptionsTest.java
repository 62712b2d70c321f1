package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.control.ControlClient;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/iscsid}: its options, by those of the real one, and what they do. */
@EnabledIf("isPackaged")
@Tag("once")
final class IscsidOptionsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String OURS = ROOT.resolve("scripts/iscsid").toString();
    private static final String REAL = "/sbin/iscsid";

    @TempDir
    private Path directory;

    static boolean isPackaged() {
        return Lunbridge.isPackaged();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Lunbridge.environment());
        environment.put("LUNBRIDGE_ROOT", directory.toString());
        environment.put("LUNBRIDGE_START_SECONDS", "1");
        return environment;
    }

    private Processes.Outcome run(String program, String arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        if (!arguments.isEmpty()) {
            command.addAll(List.of(arguments.split(" ", -1)));
        }
        return Processes.outcome(LIMIT, environment(), command);
    }

    private BackgroundProcess foreground(String... arguments) {
        List<String> command = new ArrayList<>(List.of(OURS, "--foreground"));
        command.addAll(List.of(arguments));
        BackgroundProcess daemon = BackgroundProcess.start(environment(), command);
        daemon.awaitLine("DaemonService: ready", LIMIT);
        return daemon;
    }

    private Path file(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @ParameterizedTest
    @NeedsTools("iscsid")
    @ValueSource(
            strings = {
                "-h",
                "--help",
                "-v",
                "--vers",
                "-x",
                "--bogus",
                "-d",
                "-np",
                "-n -p /tmp/pid",
                "--pid=/tmp/pid --no-pid-file",
                "-f -p /tmp/pid",
                "--fore -n --pi /tmp/pid",
                "-c",
                "-u"
            })
    @Row({"M-110", "S-17"})
    void whatItAnswersAtOnceIsWhatTheRealOneDoes(String arguments) {
        Processes.Outcome ours = run(OURS, arguments);
        Processes.Outcome real = run(REAL, arguments);

        assertThat(ours.exitStatus()).isEqualTo(real.exitStatus());
        assertThat(ours.output().replace(OURS, REAL)).isEqualTo(real.output());
    }

    @Test
    @Row({"M-110", "M-99", "M-111", "M-112", "M-114", "CR-20", "S-16"})
    void itGoesIntoTheBackgroundWhenItTakesCommands() throws Exception {
        Path pid = directory.resolve("own.pid");
        Processes.Outcome start = run(OURS, "-p " + pid + " -u 65534");

        assertThat(start.output()).isEmpty();
        assertThat(start.exitStatus()).isZero();
        ProcessHandle daemon =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        try {
            assertThat(Files.readString(Path.of("/proc/" + daemon.pid() + "/comm")))
                    .isEqualTo("iscsid\n");
            assertThat(directory.resolve("run/lunbridge/control")).exists();
            assertThat(directory.resolve("run/iscsid.pid")).doesNotExist();
            if (Files.exists(directory.resolve("run/lunbridge/iscsid.log"))) {
                assertThat(directory.resolve("run/lunbridge/iscsid.log"))
                        .content()
                        .contains("iSCSI daemon with pid=" + daemon.pid() + " started!")
                        .contains("initiatorname.iscsi does not exist or does not contain a properly formatted")
                        .contains("--uid and --gid are passed over");
            }
        } finally {
            daemon.destroy();
            daemon.onExit().join();
        }
        assertThat(pid).doesNotExist();
    }

    @Test
    @Row({"M-99", "M-110"})
    void thePidFileIsWhereItAlwaysIsAndNoneWithN() throws Exception {
        Path usual = directory.resolve("run/iscsid.pid");
        assertThat(run(OURS, "").exitStatus()).isZero();
        ProcessHandle daemon = ProcessHandle.of(
                        Long.parseLong(Files.readString(usual).strip()))
                .orElseThrow();
        daemon.destroy();
        daemon.onExit().join();
        try (BackgroundProcess other = foreground("-n")) {
            assertThat(usual).doesNotExist();
            assertThat(other.output()).doesNotContain("iSCSI daemon with pid");
        }
    }

    @Test
    @Row({"S-17", "M-110", "R-61"})
    @NeedsTools({"tgtd", "tgtadm"})
    void itReadsTheFilesThatItIsTold() throws Exception {
        Path conf = file("else/my.conf", "iscsid.safe_logout = No\n");
        Path name = file("else/my.name", "InitiatorName=iqn.2026-11.io.lunbridge:told\n");
        try (TgtTarget target = TgtTarget.start();
                BackgroundProcess daemon = foreground("-c", conf.toString(), "--initiatorname=" + name)) {
            target.addFileLun(1 << 20);
            new ControlClient(directory.resolve("run/lunbridge/control"))
                    .ask("login", Map.of("record", target.record("node.session.scan", "manual")), seconds -> {});
            assertThat(target.admin("--mode", "target", "--op", "show"))
                    .as(daemon.output())
                    .contains("Initiator: iqn.2026-11.io.lunbridge:told");
            assertThat(daemon.output()).doesNotContain("does not exist");
        }
    }

    @Test
    @Row({"S-18", "M-110"})
    void aDebugLevelTellsMore() {
        try (BackgroundProcess daemon = foreground("-d", "8")) {
            assertThat(daemon.output()).contains("DEBUG");
            daemon.signal("TERM");
            daemon.awaitExit(LIMIT);
        }
        try (BackgroundProcess daemon = foreground("-d", "0")) {
            assertThat(daemon.output()).doesNotContain("DEBUG");
            daemon.signal("TERM");
            daemon.awaitExit(LIMIT);
        }
    }
}
