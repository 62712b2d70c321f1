package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code iscsid.startup} of iscsid.conf: the command by which iscsiadm starts the daemon where none runs. */
@EnabledIf("isPackaged")
@Tag("once")
final class StartupCommandTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ISCSID =
            Path.of("../scripts/iscsid").toAbsolutePath().normalize().toString();

    @TempDir
    private Path root;

    static boolean isPackaged() {
        return Lunbridge.isPackaged();
    }

    private void configure(String startup) throws IOException {
        Path etc = Files.createDirectories(root.resolve("etc/iscsi"));
        Files.writeString(etc.resolve("initiatorname.iscsi"), "InitiatorName=iqn.2026-11.io.lunbridge:startup\n");
        Files.writeString(
                etc.resolve("iscsid.conf"),
                "node.session.initial_login_retry_max = 0\niscsid.startup = " + startup + "\n");
        String portal = "127.0.0.1:" + FreePort.next() + ",1";
        assertThat(call("-m node -o new -T iqn.2026-11.example:none -p " + portal)
                        .exitStatus())
                .isZero();
    }

    private Processes.Outcome call(String words) {
        List<String> command = new ArrayList<>(IscsiadmCallsTest.command());
        command.addAll(List.of(words.split(" ", -1)));
        Map<String, String> environment = new HashMap<>(Lunbridge.environment());
        environment.put("LUNBRIDGE_ROOT", root.toString());
        return Processes.outcome(LIMIT, environment, command);
    }

    @Test
    @Row({"R-60", "M-63", "M-18"})
    void aLoginStartsTheDaemon() throws Exception {
        configure(ISCSID);

        // Nobody answers at the portal: it is the daemon who says so.
        Processes.Outcome login = call("-m node -l");
        assertThat(login.exitStatus()).as(login.toString()).isEqualTo(8);
        ProcessHandle daemon = ProcessHandle.of(Long.parseLong(
                        Files.readString(root.resolve("run/iscsid.pid")).strip()))
                .orElseThrow();
        assertThat(login.output()).contains("initiator reported error (8 - connection timed out)");

        assertThat(call("-k 0").exitStatus()).isZero();
        daemon.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @Row("R-60")
    void aCommandThatFailsIsToldOf() throws Exception {
        configure("false");

        Processes.Outcome login = call("-m node -l");

        assertThat(login.exitStatus()).as(login.toString()).isEqualTo(20);
        assertThat(login.output()).contains("Could not start it up automatically");
    }
}
