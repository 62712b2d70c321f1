package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.records.Row;
import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What befalls a session between login and logout, on tgt: lost and found, given up, other LUNs than before. */
@NeedsTools({"tgtd", "tgtadm"})
@Tag("once")
final class SessionEventsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TgtTarget target = TgtTarget.start();

    @TempDir
    private Path directory;

    private SessionDaemon daemon;

    @BeforeEach
    void start() {
        target.addFileLun(1 << 20);
        target.addFileLun(2 << 20);
        daemon = new SessionDaemon(directory);
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
        target.close();
    }

    private void await(String text) {
        Waiting.until(LIMIT, () -> daemon.output().contains(text), daemon::output);
    }

    private String luns() {
        try {
            List<Map<String, Object>> sessions = daemon.sessions();
            return sessions.isEmpty()
                    ? ""
                    : Objects.requireNonNull(sessions.get(0).get("luns")).toString();
        } catch (CommandException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Any command tells of the unit attention that waits for it. */
    private void touch(String device) throws IOException {
        try (NbdClient client = new NbdClient(daemon.kernelFile(device + ".socket"))) {
            client.send(NbdClient.READ, 1, 0, 512);
            var unused = client.receive();
        }
    }

    @Test
    @Row({"M-126", "U-13", "CR-27"})
    void aLunThatIsNewIsAttachedAsTheTargetTellsOfIt() throws Exception {
        daemon.logIn(target.record());

        target.addFileLun(4 << 20);
        touch("nbd0");

        Waiting.until(LIMIT, () -> luns().contains("nbd2"), daemon::output);
        assertThat(daemon.hasDevice("nbd2")).isTrue();
    }

    @Test
    @Row({"R-34", "M-126"})
    void withManualScanItIsNot() throws Exception {
        daemon.logIn(target.record("node.session.scan", "manual"));
        daemon.ask("rescan", Map.of("sid", 1));

        target.addFileLun(4 << 20);
        touch("nbd0");
        target.addFileLun(4 << 20);
        touch("nbd1");

        assertThat(luns()).contains("nbd1").doesNotContain("nbd2");
        assertThat(daemon.output()).doesNotContain("tells of other LUNs");
    }

    @Test
    @Row({"U-13", "S-35"})
    void aLunThatIsGoneIsDetachedIfNobodyUsesIt() throws Exception {
        daemon.logIn(target.record());
        Path mounted = Files.createFile(daemon.kernelFile("nbd1.mounted"));

        target.removeLun(2);
        touch("nbd0");
        await("the target has no LUN 2 any more, but");
        assertThat(daemon.hasDevice("nbd1")).isTrue();

        Files.delete(mounted);
        target.addFileLun(1 << 20);
        touch("nbd0");
        Waiting.until(LIMIT, () -> !luns().contains("lun=2"), daemon::output);
        assertThat(daemon.sessions()).hasSize(1);
    }

    @Test
    @Row({"M-131", "M-132", "S-5", "M-120"})
    void theLogTellsOfItInOpenIscsisWords() throws Exception {
        daemon.logIn(target.record());
        String place = " to [target: " + TgtTarget.IQN + ", portal: 127.0.0.1," + target.port()
                + "] through [iface: default] is ";
        await("Connection1:0" + place + "operational now");

        target.kill();
        await("Kernel reported iSCSI connection 1:0 error (1020 - ISCSI_ERR_TCP_CONN_CLOSE: TCP connection closed)"
                + " state (3)");
        target.restart();
        await("connection1:0 is operational after recovery (");

        daemon.ask("logout", Map.of("sid", 1));
        await("Connection1:0" + place + "shutdown.");
    }

    @Test
    @Row({"M-124", "M-131", "S-100", "S-101"})
    void aSilentTargetIsNoticedByPings() throws Exception {
        daemon.logIn(
                target.record("node.conn[0].timeo.noop_out_interval", "1", "node.conn[0].timeo.noop_out_timeout", "1"));
        target.stop();
        await("error (1022 - ISCSI_ERR_NOP_TIMEDOUT: A NOP has timed out)");
        target.resume();
        await("is operational after recovery");
    }

    @Test
    @Row({"M-130", "R-19", "S-92", "S-107", "S-108", "S-110"})
    void afterTheReplacementTimeoutDevicesAreOfflineUntilTheTargetIsBack() throws Exception {
        daemon.logIn(target.record("node.session.timeo.replacement_timeout", "1"));
        target.kill();
        Waiting.until(LIMIT, () -> luns().contains("transport-offline"), daemon::output);
        assertThat(daemon.session())
                .containsEntry("sessionState", "FREE")
                .containsEntry("internalState", "REOPEN")
                .containsEntry("recoveryTimeout", 1);

        target.restart();

        Waiting.until(LIMIT, () -> luns().contains("running") && !luns().contains("offline"), daemon::output);
        assertThat(daemon.session()).containsEntry("sessionState", "LOGGED_IN");
    }

    private Script redirecting(int detail) {
        return peer -> {
            LoginDialogue login = LoginDialogue.on(peer);
            login.redirect(login.request(), detail, "127.0.0.1:" + target.port());
            peer.expectEnd();
        };
    }

    /** Redirected by {@code home}, lost, and back again. */
    private void loseRedirected(ScriptedTarget home) throws Exception {
        daemon.logIn(target.record("node.conn[0].port", String.valueOf(home.port())));
        assertThat(daemon.session())
                .containsEntry("persistentPort", home.port())
                .containsEntry("currentPort", target.port());
        target.kill();
        await("Kernel reported iSCSI connection 1:0");
        target.restart();
        await("is operational after recovery");
    }

    @Test
    @Row("M-123")
    void aPermanentRedirectionHoldsForTheNextLogins() throws Exception {
        try (ScriptedTarget home = ScriptedTarget.playing(redirecting(2))) {
            loseRedirected(home);
            assertThat(home.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    @Row("M-123")
    void aTemporaryOneDoesNot() throws Exception {
        Script redirecting = redirecting(1);
        try (ScriptedTarget home =
                ScriptedTarget.playing(redirecting, redirecting, redirecting, redirecting, redirecting, redirecting)) {
            loseRedirected(home);
            assertThat(home.connectionCount()).isGreaterThan(1);
        }
    }

    @Test
    @Row({"M-122", "R-35"})
    void reopenMaxEndsASessionThatDoesNotComeBack() throws Exception {
        daemon.logIn(target.record("node.session.reopen_max", "1"));
        target.kill();

        await("is shutdown.");

        Waiting.until(LIMIT, () -> !daemon.hasDevice("nbd0") && !daemon.hasDevice("nbd1"), daemon::output);
        assertThat(daemon.sessions()).isEmpty();
        target.restart();
        assertThat(daemon.logIn(target.record())).isEqualTo(2);
    }

    @Test
    @Row({"M-122", "R-35"})
    void reopenMaxHoldsForTheNextDaemonToo() throws Exception {
        daemon.logIn(target.record("node.session.reopen_max", "1"));
        target.kill();
        daemon.crash();

        Waiting.until(LIMIT, () -> luns().isEmpty() && !daemon.hasDevice("nbd0"), daemon::output);
        assertThat(daemon.sessions()).isEmpty();
    }
}
