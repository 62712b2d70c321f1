package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that open-iscsi has beside iscsiadm and iscsid, with a daemon of ours and tgt. */
@NeedsTools({"tgtd", "tgtadm", "iscsistart"})
@Tag("once")
class CompanionsTest {

    private static final Path SCRIPTS =
            Path.of("..").toAbsolutePath().normalize().resolve("scripts");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ME = "iqn.2026-11.io.lunbridge.test:me";

    private final TgtTarget target = TgtTarget.start();

    @TempDir
    private Path root;

    private SessionDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Lunbridge.isPackaged(), "not packaged");
        target.addFileLun(1 << 20);
        Files.writeString(
                Files.createDirectories(root.resolve("etc/iscsi")).resolve("initiatorname.iscsi"),
                "InitiatorName=" + ME + "host\n");
        Files.writeString(root.resolve("etc/iscsi/iscsid.conf"), "discovery.sendtargets.reopen_max = 0\n");
        daemon = new SessionDaemon(root);
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
        target.close();
    }

    @Test
    @Row({"M-143", "U-21"})
    void iscsistartLogsInAndLeavesNoRecord() throws Exception {
        assertThat(start(ME, "-P", "node.session.timeo.replacement_timeout=77"))
                .isEqualTo("0 iscsistart: Logging into " + TgtTarget.IQN + " 127.0.0.1:" + target.port() + ",1\n");

        assertThat(daemon.session())
                .containsEntry("connectionState", "LOGGED IN")
                .containsEntry("initiatorName", ME);
        assertThat(daemon.hasDevice("nbd0")).isTrue();
        assertThat(iscsiadm("-m", "session", "-P", "2").output())
                .contains("Iface Initiatorname: " + ME, "Recovery Timeout: 77");
        assertThat(root.resolve("etc/iscsi/nodes")).doesNotExist();
        try (Stream<Path> run = Files.list(root.resolve("run"))) {
            assertThat(run.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.startsWith("iscsistart"));
        }
        assertThat(start(ME)).startsWith("15 ").contains("initiator reported error (15 - session exists)");
        assertThat(daemon.sessions()).hasSize(1);
    }

    @Test
    @Row("M-143")
    void iscsistartFailsAsIscsiadmDoes() {
        target.admin("--mode", "account", "--op", "new", "--user", "joe", "--password", "hushhushhush1");
        target.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", "joe");
        assertThat(start(ME))
                .startsWith("24 ")
                .contains(
                        "iscsistart: initiator reported error (24 - iSCSI login failed due to authorization failure)");
        assertThat(start(ME, "-P", "node.session.bogus=1")).startsWith("7 ").contains("node.session.bogus");
        assertThat(start(ME, "-u", "joe", "-w", "hushhushhush1")).startsWith("0 ");
    }

    /** What needs no target is compared with the real one. */
    @Test
    @Row("M-143")
    void iscsistartTakesItsOptionsAsTheOriginal() {
        for (List<String> arguments : List.of(
                List.of("-h"),
                List.of("--version"),
                List.of("--vers"),
                List.<String>of(),
                List.of("-i", "a"),
                List.of("-i", "a", "-g", "1"),
                List.of("-i", "a", "-t", "b"),
                List.of("-ia", "-tb", "-g1"),
                List.of("--initiatorname=a", "--targetname", "b", "--tgpt", "x"),
                List.of("-P", "foo"),
                List.of("--bogus"),
                List.of("-f"),
                List.of("-b"))) {
            String ours = SCRIPTS.resolve("iscsistart").toString();
            assertThat(outcome(ours, arguments).replace(ours, "/sbin/iscsistart"))
                    .as(arguments.toString())
                    .isEqualTo(outcome("/sbin/iscsistart", arguments));
        }
    }

    @Test
    @Row("M-142")
    void discoveryHasWhatItCanLogInToStartAutomatically() throws Exception {
        pidof("exit 1");
        assertThat(discovery()).isEqualTo("1 iscsid is not running\nExiting...\n");
        pidof("echo 1");
        String portal = "127.0.0.1:" + target.port();

        assertThat(discovery())
                .startsWith("0 Set target " + TgtTarget.IQN + " to automatic login over tcp to portal " + portal + "\n")
                .endsWith("discovered 1 targets at 127.0.0.1\n");
        assertThat(daemon.sessions()).as("logged out again").isEmpty();
        assertThat(record()).contains("node.conn[0].startup = automatic");

        assertThat(discovery("-m", "-l")).startsWith("0 Set target " + TgtTarget.IQN + " to manual login over tcp");
        assertThat(daemon.sessions()).as("stays").hasSize(1);
        assertThat(record()).contains("node.conn[0].startup = manual");

        assertThat(discovery())
                .isEqualTo("2 Please logout from all targets on " + portal
                        + " before trying to run discovery on that portal\n");
    }

    @Test
    @Row("M-142")
    void discoveryTellsWhatItCannotLogInTo() throws IOException {
        pidof("echo 1");
        target.admin("--mode", "account", "--op", "new", "--user", "joe", "--password", "hushhushhush1");
        target.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", "joe");
        assertThat(discovery()).contains("Cannot login over tcp to portal 127.0.0.1:" + target.port());
        assertThat(record()).contains("node.conn[0].startup = manual");
        target.kill();
        assertThat(discovery()).startsWith("2 ").endsWith("failed to discover targets at 127.0.0.1\n");
    }

    /** What stands for the system's, which would see the processes of others. */
    private void pidof(String command) throws IOException {
        Path program = Files.createDirectories(root.resolve("bin")).resolve("pidof");
        Files.writeString(program, "#!/bin/sh\n" + command + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private String record() {
        return iscsiadm("-m", "node", "-T", TgtTarget.IQN).output();
    }

    private String start(String name, String... more) {
        List<String> arguments = Stream.concat(
                        Stream.of(
                                "-i",
                                name,
                                "-t",
                                TgtTarget.IQN,
                                "-g",
                                "1",
                                "-a",
                                "127.0.0.1",
                                "-p",
                                String.valueOf(target.port())),
                        Stream.of(more))
                .toList();
        return outcome(SCRIPTS.resolve("iscsistart").toString(), arguments);
    }

    /** Exit status, then all that it said. */
    private String outcome(String program, List<String> arguments) {
        Processes.Outcome outcome =
                run(Stream.concat(Stream.of(program), arguments.stream()).toArray(String[]::new));
        return outcome.exitStatus() + " " + outcome.output();
    }

    private Processes.Outcome iscsiadm(String... arguments) {
        return run(Stream.concat(Stream.of(SCRIPTS.resolve("iscsiadm").toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private String discovery(String... more) {
        return outcome(
                SCRIPTS.resolve("iscsi_discovery").toString(),
                Stream.concat(Stream.of("127.0.0.1", "-p", String.valueOf(target.port())), Stream.of(more))
                        .toList());
    }

    private Processes.Outcome run(String... command) {
        Map<String, String> environment = new HashMap<>(Lunbridge.environment());
        environment.put("LUNBRIDGE_ROOT", root.toString());
        environment.put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        return Processes.outcome(LIMIT, environment, List.of(command));
    }
}
