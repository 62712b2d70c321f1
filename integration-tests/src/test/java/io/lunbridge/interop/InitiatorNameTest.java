package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.InitiatorNameFile;
import io.lunbridge.records.RecordPaths;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name of the host: {@code iscsi-iname} beside the real one, and {@code iscsi-gen-initiatorname}. */
class InitiatorNameTest {

    private static final Path SCRIPTS =
            Path.of("..").toAbsolutePath().normalize().resolve("scripts");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path root;

    @BeforeEach
    void beDebian() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/os-release"), "ID=debian\n");
    }

    private static String outcome(String program, String arguments) {
        String command = program + " " + arguments + " 2>&1; echo \"status $?\"";
        return Processes.outcome(LIMIT, "bash", "-c", command)
                .output()
                .replace(program + ":", "iscsi-iname:")
                .replaceAll("(?m):[0-9a-f]{6,12}$", ":DIGITS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-h",
                "-g",
                "-p iqn.x:y",
                "-piqn.x",
                "--prefix=iqn.x",
                "--pre iqn.x",
                "-gp iqn.x",
                "-p",
                "--prefix",
                "-x",
                "--foo=1",
                "--help=1",
                "bogus",
                "bogus -h",
                "-- a",
                "--",
                "-",
                "--g",
                "-p ''"
            })
    @NeedsTools("iscsi-iname")
    @Row("M-140")
    void anIscsiNameIsMadeAsTheRealOneMakesIt(String arguments) {
        String ours = SCRIPTS.resolve("iscsi-iname").toString();
        assertThat(outcome(ours, arguments)).isEqualTo(outcome("/usr/sbin/iscsi-iname", arguments));
    }

    @Test
    @Row("M-140")
    void aPrefixHasALimitAndNoTwoNamesAreTheSame() {
        String ours = SCRIPTS.resolve("iscsi-iname").toString();
        assertThat(outcome(ours, "-p " + "a".repeat(210))).endsWith(":DIGITS\nstatus 0\n");
        assertThat(outcome(ours, "-p " + "a".repeat(211))).startsWith("error: prefix too long\nUsage:");
        assertThat(Stream.generate(() -> Processes.run(ours).output()).limit(5).distinct())
                .hasSize(5);
    }

    private Processes.Outcome generate(String... options) {
        List<String> command = Stream.concat(
                        Stream.of(SCRIPTS.resolve("iscsi-gen-initiatorname").toString()), Stream.of(options))
                .toList();
        return Processes.outcome(LIMIT, Map.of("LUNBRIDGE_ROOT", root.toString()), command);
    }

    @Test
    @Row({"M-141", "CR-22"})
    void aHostsNameIsMadeOnce() throws Exception {
        assertThat(generate().orFail().output()).isEmpty();
        Path file = root.resolve("etc/iscsi/initiatorname.iscsi");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String name = InitiatorNameFile.read(RecordPaths.below(root)).name();
        assertThat(name).matches("iqn\\.1993-08\\.org\\.debian:01:[0-9a-f]{12}");
        assertThat(Files.readAllLines(file)).contains("InitiatorName=" + name);
        Processes.Outcome again = generate();
        assertThat(again.exitStatus()).isEqualTo(1);
        assertThat(again.output())
                .startsWith("Error: you cannot overwrite the current InitiatorName unless 'force' is set.\n");
        assertThat(InitiatorNameFile.read(RecordPaths.below(root)).name()).isEqualTo(name);
        generate("-f", "-p", "iqn.2001-01.a:b").orFail();
        assertThat(InitiatorNameFile.read(RecordPaths.below(root)).name()).startsWith("iqn.2001-01.a:b:");
        assertThat(generate("-x").exitStatus()).isEqualTo(1);
        assertThat(generate("more").output()).startsWith("Error: Invalid argument(s): more\nUsage:");
        assertThat(generate("-h").orFail().output()).startsWith("Usage: iscsi-gen-initiatorname");
    }

    @Test
    @NeedsTools("unshare")
    @Row("M-141")
    void theKernelsCommandLineGoesFirst() throws Exception {
        Path line = Files.writeString(root.resolve("cmdline"), "quiet rd.initiatorname=iqn.boot:1 ro\n");
        Path script = SCRIPTS.resolve("iscsi-gen-initiatorname");
        String command = "mount --bind " + line + " /proc/cmdline && LUNBRIDGE_ROOT=" + root + " " + script;
        Processes.run("unshare", "--mount", "bash", "-c", command);
        assertThat(InitiatorNameFile.read(RecordPaths.below(root)).name()).isEqualTo("iqn.boot:1");
    }
}
