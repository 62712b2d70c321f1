package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/install} into a directory, what it puts there, and that nothing is left of it afterwards. */
@NeedsTools({"groff", "systemd-analyze"})
class InstallTest {

    private static final Path SCRIPTS =
            Path.of("..").toAbsolutePath().normalize().resolve("scripts");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LIST = "usr/lib/lunbridge/installed";

    @TempDir
    private Path destination;

    @BeforeEach
    void needsThePackage() {
        assumeTrue(Lunbridge.isPackaged(), "not packaged");
    }

    @Test
    void theInstalledProgramRunsAndNothingOfItStays() throws IOException {
        install().orFail();
        Processes.Outcome version = run(destination.resolve("usr/bin/lunbridge").toString(), "--version")
                .orFail();
        assertThat(version.output()).startsWith("lunbridge ");
        for (String kind : List.of("systemd/system/lunbridge.service", "udev/rules.d", "modprobe.d/lunbridge.conf")) {
            assertThat(destination.resolve("usr/lib").resolve(kind)).exists();
        }
        Path own = destination.resolve("etc/lunbridge/devices/mine.conf");
        Files.writeString(own, "url = iscsi://192.0.2.1/iqn.2026-01.org.example:disk/1\n");

        install("--uninstall").orFail();

        assertThat(files().keySet()).containsExactly("etc/lunbridge/devices/README", "etc/lunbridge/devices/mine.conf");
        assertThat(destination.resolve("usr")).doesNotExist();
        assertThat(install("--uninstall").output())
                .startsWith("install: not installed")
                .hasLineCount(1);
    }

    @Test
    void onceMoreIsTheSameWithoutWhatAnOlderVersionHad() throws IOException {
        install().orFail();
        Map<String, String> first = files();
        assertThat(first).containsKey(LIST).doesNotContainValue("rwxrwxrwx");
        Path old = Files.writeString(destination.resolve("usr/lib/lunbridge/lib/old-1.0.jar"), "");
        Files.writeString(
                destination.resolve(LIST),
                Files.readString(destination.resolve(LIST)) + "/usr/lib/lunbridge/lib/old-1.0.jar\n");

        install().orFail();

        assertThat(old).doesNotExist();
        assertThat(files()).isEqualTo(first);
        assertThat(Files.readAllLines(destination.resolve(LIST)))
                .containsExactlyInAnyOrderElementsOf(first.keySet().stream()
                        .filter(file -> !file.startsWith("etc/"))
                        .map(file -> "/" + file)
                        .toList());
    }

    @Test
    void unitsAreWhatSystemdTakes() throws IOException {
        install("--prefix=/usr/local").orFail();
        Path units = destination.resolve("usr/local/lib/systemd/system");
        Map<String, String> environment = Map.of("SYSTEMD_UNIT_PATH", units + ":");
        Processes.Outcome verified = Processes.outcome(
                LIMIT,
                environment,
                List.of(
                        "systemd-analyze",
                        "verify",
                        "--man=no",
                        units + "/lunbridge.service",
                        units + "/open-iscsi.service",
                        units + "/iscsid.socket",
                        units + "/lunbridge@disk.service",
                        units + "/lunbridge-giveup.service"));
        assertThat(verified.output().lines())
                .allMatch(line -> line.contains("Command /usr/local/") && line.contains("is not executable"))
                .isNotEmpty();
        assertThat(Files.readAllLines(units.resolve("lunbridge.service")))
                .contains("RestartKillSignal=SIGUSR2")
                .noneMatch(
                        line -> line.matches("(Private|Protect|ReadOnly|Inaccessible|Bind|Root|Mount|Dynamic).*=.*"));
    }

    @Test
    void theManualIsFreeOfMistakes() throws IOException {
        install().orFail();
        Path manual = destination.resolve("usr/share/man");
        for (String page : files().keySet()) {
            if (page.startsWith("usr/share/man/")) {
                Path file = destination.resolve(page);
                assertThat(run("groff", "-man", "-ww", "-z", file.toString())
                                .orFail()
                                .output())
                        .as(page)
                        .isEmpty();
                String text = run("groff", "-man", "-Tascii", "-P-cbou", file.toString())
                        .output();
                assertThat(text).contains("NAME", "DESCRIPTION").doesNotContain("${", "%n");
            }
        }
        assertThat(manual.resolve("man8/lunbridge-attach.8")).content().contains("\\-\\-replacement\\-timeout");
    }

    @Test
    void bashCompletesCommandsAndOptions() {
        install().orFail();
        String completion = destination + "/usr/share/bash-completion/completions/lunbridge";
        assertThat(completed(completion, "lunbridge", "att")).containsExactly("attach");
        assertThat(completed(completion, "lunbridge", "attach", "--repl")).containsExactly("--replacement-timeout");
    }

    @Test
    void refusesWithALineEach() throws IOException {
        Path elsewhere = Files.createDirectories(destination.resolve("checkout/scripts"));
        Files.copy(SCRIPTS.resolve("install"), elsewhere.resolve("install"));
        refuses("not built", run("bash", elsewhere.resolve("install").toString()));
        refuses("may not write", run("env", "DESTDIR=/dev/null/x", SCRIPTS.resolve("install") + ""));
        refuses("must begin with /", install("--prefix", "usr"));

        install().orFail();
        Path disk = Files.createDirectories(destination.resolve("sys/block/nbd7"));
        Files.writeString(disk.resolve("backend"), "lunbridge-0011223344556677\n");
        Map<String, String> environment =
                Map.of("LUNBRIDGE_SYS", destination.resolve("sys").toString());
        refuses("still attached: /dev/nbd7;", install(environment, "--uninstall"));
        install(environment, "--uninstall", "--force").orFail();
    }

    private static void refuses(String reason, Processes.Outcome outcome) {
        assertThat(outcome.exitStatus()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.output()).startsWith("install: ").contains(reason).hasLineCount(1);
    }

    private static List<String> completed(String completion, String... words) {
        String script = "source " + completion + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1) + "; _complete_lunbridge 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        return run("bash", "-c", script).output().lines().map(String::strip).toList();
    }

    private Processes.Outcome install(String... arguments) {
        return install(Map.of(), arguments);
    }

    private Processes.Outcome install(Map<String, String> environment, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DESTDIR", destination.toString());
        return Processes.outcome(
                LIMIT,
                all,
                Stream.concat(Stream.of(SCRIPTS.resolve("install").toString()), Stream.of(arguments))
                        .toList());
    }

    private static Processes.Outcome run(String... command) {
        return Processes.outcome(LIMIT, Lunbridge.environment(), List.of(command));
    }

    /** Every file below the destination, with its permissions. */
    private Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(destination)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                found.put(
                        destination.relativize(file).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return found;
    }
}
