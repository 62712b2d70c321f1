package io.lunbridge.interop;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a session whose target is silent for a while. */
@NeedsTools({"tgtd", "tgtadm"})
@Tag("once")
final class SessionStatesTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PINGS = "node.conn[0].timeo.noop_out_";

    private final TgtTarget target = TgtTarget.start();

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        target.close();
    }

    private void start(SessionDaemon daemon, int pingSeconds) throws Exception {
        target.addFileLun(1 << 20);
        Map<String, String> record = new HashMap<>(target.record());
        record.put(PINGS + "interval", Integer.toString(pingSeconds));
        record.put(PINGS + "timeout", Integer.toString(pingSeconds));
        daemon.logIn(record);
    }

    private static void await(SessionDaemon daemon, String key, String value) {
        Waiting.until(
                LIMIT,
                () -> value.equals(told(daemon, key)),
                () -> key + " is not " + value + " in " + daemon.output());
    }

    private static Object told(SessionDaemon daemon, String key) {
        try {
            return String.valueOf(daemon.session().get(key));
        } catch (CommandException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Row({"S-88", "S-104", "S-105", "CR-31", "M-129"})
    void itsHostRecoversWhileCommandsAreAborted() throws Exception {
        settings("lunbridge.command_timeout = 1\n");
        try (SessionDaemon daemon = new SessionDaemon(directory)) {
            start(daemon, 0);
            await(daemon, "hostState", "running");
            target.stop();
            try (NbdClient client = new NbdClient(daemon.kernelFile("nbd0.socket"))) {
                client.send(NbdClient.READ, 1, 0, 512);
                await(daemon, "hostState", "recovery");
                await(daemon, "sessionState", "LOGGED_IN");
                target.resume();
                var unused = client.receive();
            }
            await(daemon, "hostState", "running");
        }
    }

    @Test
    @Row({"S-86", "M-124"})
    void withoutAConnectionItIsReopened() throws Exception {
        try (SessionDaemon daemon = new SessionDaemon(directory)) {
            start(daemon, 1);
            await(daemon, "internalState", "NO CHANGE");
            target.stop();
            await(daemon, "sessionState", "FAILED");
            await(daemon, "connectionState", "TRANSPORT WAIT");
            await(daemon, "internalState", "REOPEN");
            target.resume();
            await(daemon, "sessionState", "LOGGED_IN");
            await(daemon, "internalState", "NO CHANGE");
        }
    }

    private void settings(String text) throws IOException {
        Path file = directory.resolve("etc/iscsi/iscsid.conf");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
