package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of the daemon on tgt, asked for as iscsiadm asks; the devices are sockets. */
@NeedsTools({"tgtd", "tgtadm"})
@Tag("lun")
@Tag("once")
final class SessionVerbsTest {

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

    private static void assertError(int number, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CommandException.class,
                        e -> assertThat(e.iscsiError()).as(e.sentence()).isEqualTo(number));
    }

    @Test
    @Row({"S-25", "S-86", "CR-25", "U-16", "M-116"})
    void loginAttachesAllLunsAndLogoutTakesThemAway() throws Exception {
        assertThat(daemon.logIn(target.record())).isEqualTo(1);

        Map<String, Object> session = daemon.session();
        assertThat(session)
                .containsEntry("sid", 1)
                .containsEntry("target", TgtTarget.IQN)
                .containsEntry("tpgt", 1)
                .containsEntry("persistentAddress", "127.0.0.1")
                .containsEntry("currentPort", target.port())
                .containsEntry("ipaddress", "127.0.0.1")
                .containsEntry("connectionState", "LOGGED IN")
                .containsEntry("sessionState", "LOGGED_IN")
                .containsEntry("internalState", "NO CHANGE");
        assertThat(session.get("luns"))
                .isEqualTo(List.of(
                        Map.of("lun", 0),
                        Map.of("lun", 1, "device", "nbd0", "state", "running"),
                        Map.of("lun", 2, "device", "nbd1", "state", "running")));
        assertThat(String.valueOf(session.get("negotiated")))
                .contains("HeaderDigest=None", "MaxRecvDataSegmentLength=262144", "MaxOutstandingR2T=1");
        assertThat(target.sessionCount()).isEqualTo(1);

        daemon.ask("logout", Map.of("sid", 1));

        assertThat(daemon.sessions()).isEmpty();
        assertThat(daemon.hasDevice("nbd0") || daemon.hasDevice("nbd1")).isFalse();
        assertThat(target.sessionCount()).isZero();
        assertError(2, () -> daemon.ask("logout", Map.of("sid", 1)));
        assertThat(daemon.logIn(target.record())).as("no sid comes twice").isEqualTo(2);
    }

    @Test
    @Row({"R-14", "M-37", "M-44", "CR-4", "U-9"})
    void thereAreAsManySessionsAsTheRecordAsksFor() throws Exception {
        assertThat(daemon.logIn(target.record())).isEqualTo(1);

        assertError(15, () -> daemon.logIn(target.record()));

        assertThat(daemon.logIn(target.record("node.session.nr_sessions", "2"))).isEqualTo(2);
        assertError(15, () -> daemon.logIn(target.record("node.session.nr_sessions", "2")));
        assertThat(daemon.ask("login", Map.of("record", target.record(), "multiple", true)))
                .containsEntry("sid", 3);
        assertThat(target.sessionCount()).isEqualTo(3);
    }

    @Test
    @Row({"CR-2", "CR-6", "CR-28", "R-16", "M-121"})
    void aRefusedLoginHasOpenIscsisNumber() throws Exception {
        assertError(19, () -> daemon.logIn(target.record("node.name", "iqn.2026-11.io.lunbridge:none")));
        assertError(8, () -> daemon.logIn(target.record("node.conn[0].port", String.valueOf(FreePort.next()))));
        assertError(7, () -> daemon.logIn(target.record("node.conn[0].iscsi.HeaderDigest", "many")));
        target.admin("--mode", "account", "--op", "new", "--user", "joe", "--password", "hushhushhush1");
        target.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", "joe");
        assertError(24, () -> daemon.logIn(target.record()));
        assertError(
                24,
                () -> daemon.logIn(target.record(
                        "node.session.auth.username", "joe", "node.session.auth.password", "wrongwrongwro")));
        int sid = daemon.logIn(
                target.record("node.session.auth.username", "joe", "node.session.auth.password", "hushhushhush1"));
        assertThat(sid).as("failed logins take no sid").isEqualTo(1);
        assertThat(daemon.session()).containsEntry("username", "joe").containsEntry("password", "hushhushhush1");
    }

    @Test
    @Row({"R-34", "CR-27", "M-42", "S-35"})
    void manualScanAttachesNothingBeforeARescan() throws Exception {
        daemon.logIn(target.record("node.session.scan", "manual"));
        assertThat(daemon.session().get("luns")).isEqualTo(List.of());
        assertThat(target.sessionCount()).isEqualTo(1);

        daemon.ask("rescan", Map.of("sid", 1));
        assertThat((List<?>) daemon.session().get("luns")).hasSize(3);

        target.addFileLun(1 << 20);
        daemon.ask("rescan", Map.of("sid", 1));
        assertThat((List<?>) daemon.session().get("luns")).hasSize(4);
        assertThat(daemon.hasDevice("nbd2")).isTrue();
    }

    @Test
    @Row({"R-61", "U-12"})
    void aMountedDeviceKeepsAllOfThem() throws Exception {
        daemon.logIn(target.record());
        Path mounted = Files.createFile(daemon.kernelFile("nbd1.mounted"));

        assertError(28, () -> daemon.ask("logout", Map.of("sid", 1)));

        assertThat(daemon.hasDevice("nbd0")).isTrue();
        assertThat(target.sessionCount()).isEqualTo(1);
        Files.delete(mounted);
        daemon.ask("logout", Map.of("sid", 1));
        assertThat(daemon.hasDevice("nbd0")).isFalse();
    }

    @Test
    @Row({"U-3", "M-127"})
    void aDeadTargetDoesNotKeepALogout() throws Exception {
        daemon.logIn(target.record());
        target.kill();

        daemon.ask("logout", Map.of("sid", 1));

        assertThat(daemon.sessions()).isEmpty();
        assertThat(daemon.hasDevice("nbd0")).isFalse();
    }

    @Test
    @Row({"R-42", "M-128"})
    void aSilentTargetIsWaitedForAsLongAsLogoutTimeoutSays() throws Exception {
        String[] noPings = {"node.conn[0].timeo.noop_out_interval", "0", "node.conn[0].timeo.noop_out_timeout", "0"};
        Map<String, String> record = target.record(noPings);
        record.put("node.conn[0].timeo.logout_timeout", "6");
        record.put("node.session.scan", "manual");
        daemon.logIn(record);
        target.stop();
        long startNanos = System.nanoTime();

        daemon.ask("logout", Map.of("sid", 1));

        assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                .isBetween(Duration.ofSeconds(6), Duration.ofSeconds(9));
        assertThat(daemon.sessions()).isEmpty();
        target.resume();
    }

    @Test
    @Row("M-42")
    void aRescanThatWaitsForALogoutFindsNoSession() throws Exception {
        daemon.logIn(target.record());
        target.stop();
        CompletableFuture<Map<String, Object>> logout = asked("logout");
        Path file = directory.resolve("run/lunbridge/sessions/1.json");
        Waiting.until(Duration.ofSeconds(20), () -> isLeaving(file), () -> file + "\n" + daemon.output());

        CompletableFuture<Map<String, Object>> rescan = asked("rescan");
        target.resume();

        logout.get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> rescan.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CommandException.class)
                .cause()
                .extracting(e -> ((CommandException) e).iscsiError())
                .isEqualTo(2);
    }

    private static boolean isLeaving(Path file) {
        try {
            return Files.readString(file).contains("LEAVING");
        } catch (IOException e) {
            return false;
        }
    }

    /** Of session 1, by a thread of its own. */
    private CompletableFuture<Map<String, Object>> asked(String verb) {
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        answer.complete(daemon.ask(verb, Map.of("sid", 1)));
                    } catch (CommandException | InterruptedException e) {
                        answer.completeExceptionally(e);
                    }
                })
                .start();
        return answer;
    }

    @Test
    @Row("R-61")
    void safeLogoutCanBeSwitchedOff() throws Exception {
        Files.createDirectories(directory.resolve("etc/iscsi"));
        Path conf = Files.writeString(directory.resolve("etc/iscsi/iscsid.conf"), "iscsid.safe_logout = No\n");
        daemon.logIn(target.record());
        Files.createFile(daemon.kernelFile("nbd1.mounted"));

        daemon.ask("logout", Map.of("sid", 1));

        assertThat(daemon.hasDevice("nbd1")).isFalse();
        Files.delete(conf);
    }

    @Test
    @Row({"M-113", "S-45", "U-8"})
    void theNextDaemonHasTheSameSessionsAndDevices() throws Exception {
        daemon.logIn(target.record("node.session.scan", "manual"));
        daemon.logIn(target.record("node.session.nr_sessions", "2"));
        Object luns = daemon.sessions().get(1).get("luns");

        daemon.crash();
        awaitLoggedIn();
        assertThat(daemon.sessions().get(1).get("luns")).isEqualTo(luns);
        daemon.restart("USR2");
        awaitLoggedIn();
        assertThat(daemon.sessions().get(1).get("luns")).isEqualTo(luns);
        daemon.restart("TERM");
        awaitLoggedIn();

        assertThat(daemon.sessions()).extracting(session -> session.get("sid")).containsExactly(1, 2);
        assertThat(daemon.sessions().get(1).get("luns")).isEqualTo(luns);
        assertThat(target.sessionCount()).isEqualTo(2);
        assertError(15, () -> daemon.logIn(target.record("node.session.nr_sessions", "2")));
        daemon.ask("logout", Map.of("sid", 2));
        daemon.ask("logout", Map.of("sid", 1));
        assertThat(target.sessionCount()).isZero();
        assertThat(daemon.logIn(target.record())).isEqualTo(3);
    }

    @Test
    @Row({"R-10", "M-120", "M-121"})
    void aTargetThatComesLateIsLoggedInToWithinTheRecordsTime() throws Exception {
        target.kill();
        CompletableFuture<Integer> login = new CompletableFuture<>();
        Thread client = new Thread(() -> {
            try {
                login.complete(daemon.logIn(target.record("node.session.initial_login_retry_max", "12")));
            } catch (CommandException | InterruptedException e) {
                login.completeExceptionally(e);
            }
        });
        client.start();
        Waiting.until(Duration.ofSeconds(20), () -> daemon.output().contains("is tried again"), () -> daemon.output());

        target.restart();

        assertThat(login.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(daemon.session()).containsEntry("connectionState", "LOGGED IN");
    }

    @Test
    @Row({"U-9", "M-117"})
    void twoAtOnceMakeOneSession() throws Exception {
        List<CompletableFuture<Integer>> logins = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            logins.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return daemon.logIn(target.record());
                } catch (CommandException e) {
                    return -e.iscsiError();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }

        List<Integer> outcomes = new ArrayList<>();
        for (CompletableFuture<Integer> login : logins) {
            outcomes.add(login.get(30, TimeUnit.SECONDS));
        }

        assertThat(outcomes).containsExactlyInAnyOrder(1, -15, -15, -15);
        assertThat(target.sessionCount()).isEqualTo(1);
    }

    @Test
    @Row({"R-3", "R-38", "U-11", "S-124"})
    void iscsidLogsInToAutomaticNodesAndDoesNotWaitForThoseThatAreAway(@TempDir Path other) throws Exception {
        RecordDatabase database = RecordDatabase.open(RecordPaths.below(other), warning -> {});
        NodeRecord node =
                database.configuration().node(TgtTarget.IQN, 1, "127.0.0.1", target.port(), IfaceRecord.DEFAULT);
        database.add(node.with("node.startup", "automatic"));
        database.add(database.configuration()
                .node(TgtTarget.IQN, 1, "127.0.0.2", FreePort.next(), IfaceRecord.DEFAULT)
                .with("node.conn[0].startup", "automatic"));
        database.add(database.configuration().node(TgtTarget.IQN, 1, "127.0.0.3", target.port(), IfaceRecord.DEFAULT));

        try (SessionDaemon iscsid = new SessionDaemon(other, "iscsid")) {
            Waiting.until(
                    Duration.ofSeconds(20),
                    () -> isLoggedInBy(iscsid, "127.0.0.1"),
                    () -> "not logged in to the one that is there: " + iscsid.output());
        }
    }

    private static boolean isLoggedInBy(SessionDaemon iscsid, String address) {
        try {
            List<Map<String, Object>> sessions = iscsid.sessions();
            return sessions.size() == 1
                    && "LOGGED IN".equals(sessions.get(0).get("connectionState"))
                    && address.equals(sessions.get(0).get("persistentAddress"));
        } catch (CommandException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitLoggedIn() {
        Waiting.until(
                Duration.ofSeconds(20),
                () -> states().equals(List.of("LOGGED IN", "LOGGED IN")) && !text().contains("blocked"),
                () -> text() + "\n" + daemon.output());
    }

    private List<Object> states() {
        try {
            return daemon.sessions().stream()
                    .map(session -> session.get("connectionState"))
                    .toList();
        } catch (CommandException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String text() {
        try {
            return daemon.sessions().toString();
        } catch (CommandException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
