package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of {@code lunbridge daemon} where there is nothing to attach: no kernel device is needed. */
class CliDaemonTest {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path root;

    private BackgroundProcess daemon() {
        Map<String, String> environment = new HashMap<>(Lunbridge.environment());
        environment.put("LUNBRIDGE_ROOT", root.toString());
        environment.put("LUNBRIDGE_START_SECONDS", "1");
        return BackgroundProcess.start(environment, Lunbridge.command("daemon"));
    }

    private Lunbridge.Outcome run(String... arguments) {
        return Lunbridge.run(List.of("env", "LUNBRIDGE_ROOT=" + root), arguments);
    }

    private Path socket() {
        return root.resolve("run/lunbridge/control");
    }

    private static String nobodyListens() {
        return "iscsi://127.0.0.1:" + FreePort.next() + "/iqn.2026-11.io.lunbridge:none/1";
    }

    private static void assertRefused(Lunbridge.Outcome outcome, ExitCode exitCode, String word) {
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode.number());
        assertThat(outcome.err()).hasLineCount(1).contains(word);
    }

    @Test
    void answersUntilItIsTerminated() {
        try (BackgroundProcess daemon = daemon()) {
            daemon.awaitLine("DaemonService: ready", START_LIMIT);
            assertRefused(run("daemon"), ExitCode.BUSY, "runs already");
            assertRefused(run("attach", nobodyListens()), ExitCode.UNREACHABLE, "nothing listens");
            assertRefused(run("fail", "/dev/nbd99"), ExitCode.FAILURE, "/dev/nbd99");
            assertThat(run("list").exitCode()).isZero();

            daemon.signal("TERM");

            assertThat(daemon.awaitExit(STOP_LIMIT)).as(daemon.output()).isZero();
        }
        assertThat(socket()).doesNotExist();
        assertRefused(run("attach", nobodyListens()), ExitCode.FAILURE, "no daemon");
    }

    @Test
    void unreachableConfiguredDeviceDoesNotKeepItFromBeingReady() throws Exception {
        Path configured = Files.createDirectories(root.resolve("etc/lunbridge/devices"));
        Files.writeString(configured.resolve("far.conf"), "url = " + nobodyListens() + "\nstartup = automatic\n");
        Files.writeString(configured.resolve("wrong.conf"), "url = " + nobodyListens() + "\nstartup = soon\n");
        assertRefused(run("attach", "--config", "wrong"), ExitCode.USAGE, "wrong.conf:2: 'soon'");
        try (BackgroundProcess daemon = daemon()) {
            daemon.awaitLine("DaemonService: ready", START_LIMIT);
            assertThat(daemon.output())
                    .contains("wrong.conf:2: ", "far is not attached yet", "1 configured devices are not");
            assertRefused(run("attach", "--config", "far"), ExitCode.UNREACHABLE, "nothing listens");

            daemon.signal("USR2");

            assertThat(daemon.awaitExit(STOP_LIMIT)).as(daemon.output()).isZero();
        }
    }

    @Test
    void oneThatWasKilledIsReplaced() {
        try (BackgroundProcess killed = daemon()) {
            killed.awaitLine("DaemonService: ready", START_LIMIT);
            killed.kill();
        }
        assertThat(socket()).exists();
        assertRefused(run("attach", nobodyListens()), ExitCode.FAILURE, "no daemon");
        try (BackgroundProcess daemon = daemon()) {
            daemon.awaitLine("DaemonService: ready", START_LIMIT);
            assertRefused(run("attach", nobodyListens()), ExitCode.UNREACHABLE, "nothing listens");
        }
    }
}
