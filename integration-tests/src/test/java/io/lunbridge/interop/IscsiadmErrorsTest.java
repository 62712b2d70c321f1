package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What iscsiadm says, and its exit codes, when a login or a logout by the daemon fails, or somebody interrupts it. */
@Tag("once")
@Timeout(120)
@NeedsTools({"python3", "tgtd", "tgtadm"})
final class IscsiadmErrorsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String NAME = "iqn.2026-11.io.lunbridge.test:";

    private static final String CONFIGURATION = """
            node.session.initial_login_retry_max = 0
            node.conn[0].timeo.login_timeout = 5
            isns.address = 127.0.0.1
            isns.port = 1
            """;

    @TempDir
    private Path directory;

    private SessionDaemon daemon;

    /** How a command ended. */
    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        Path etc = Files.createDirectories(directory.resolve("etc/iscsi"));
        Files.writeString(etc.resolve("iscsid.conf"), CONFIGURATION);
        Files.writeString(etc.resolve("initiatorname.iscsi"), "InitiatorName=" + NAME + "initiator\n");
        daemon = new SessionDaemon(directory);
    }

    @AfterEach
    void end() {
        if (daemon != null) {
            daemon.close();
        }
    }

    private Process begin(Map<String, String> environment, String... words) throws IOException {
        List<String> command = new ArrayList<>(IscsiadmCallsTest.command());
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(Processes.interruptible(command))
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(Lunbridge.environment());
        builder.environment().put("LUNBRIDGE_ROOT", directory.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Outcome end(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Outcome(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }

    private Outcome iscsiadm(String... words) throws IOException, InterruptedException {
        return end(begin(Map.of(), words));
    }

    @Test
    @Row({"M-37", "M-74", "M-120", "M-121", "CR-2", "CR-6", "CR-7", "CR-28"})
    void aLoginThatFails() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("02/01", "24 - iSCSI login failed due to authorization failure");
        expected.put("02/02", "24 - iSCSI login failed due to authorization failure");
        expected.put("02/03", "19 - encountered non-retryable iSCSI login failure");
        expected.put("02/05", "19 - encountered non-retryable iSCSI login failure");
        expected.put("03/01", "5 - encountered iSCSI login failure");
        expected.put("silent", "11 - iSCSI PDU timed out");
        expected.put("login-hangup", "4 - encountered connection failure");
        expected.put("nobody", "8 - connection timed out");
        Map<String, Integer> ports = new LinkedHashMap<>();
        List<String> command = new ArrayList<>(
                List.of("python3", OpenIscsi.resource("portals.py").toString()));
        for (String behaviour : expected.keySet()) {
            int port = FreePort.next();
            ports.put(behaviour, port);
            if (!behaviour.equals("nobody")) {
                command.add(port + "=" + behaviour);
            }
        }
        try (BackgroundProcess portals = BackgroundProcess.start(Map.of(), command)) {
            portals.awaitLine("listening", LIMIT);
            for (Map.Entry<String, String> each : expected.entrySet()) {
                assertLoginFails(ports.getOrDefault(each.getKey(), 0), each.getValue());
            }
        }
    }

    private void assertLoginFails(int port, String reason) throws Exception {
        String portal = "127.0.0.1:" + port;
        assertThat(iscsiadm("-m", "node", "-o", "new", "-T", NAME + port, "-p", portal + ",1")
                        .exitCode())
                .isZero();
        String label = "[iface: default, target: " + NAME + port + ", portal: 127.0.0.1," + port + "]";
        assertThat(iscsiadm("-m", "node", "-T", NAME + port, "-p", portal, "--login"))
                .isEqualTo(new Outcome(
                        Integer.parseInt(reason.substring(0, reason.indexOf(' '))),
                        "Logging in to " + label + "\n",
                        "iscsiadm: Could not login to " + label + ".\niscsiadm: initiator reported error (" + reason
                                + ")\niscsiadm: Could not log into all portals\n"));
    }

    @Test
    @Row({"M-36", "M-37", "M-77", "M-81", "R-61", "CR-4", "U-3", "U-18"})
    void aSessionInUse() throws Exception {
        try (TgtTarget target = TgtTarget.start()) {
            target.addFileLun(1 << 20);
            String portal = "127.0.0.1:" + target.port();
            assertThat(iscsiadm("-m", "discovery", "-t", "st", "-p", portal).exitCode())
                    .isZero();
            assertThat(iscsiadm("-m", "node", "-l").exitCode()).isZero();
            assertThat(iscsiadm("-m", "node", "-l").exitCode()).isEqualTo(15);
            assertThat(iscsiadm("-m", "node", "-o", "delete").exitCode()).isEqualTo(15);
            Outcome json = end(begin(Map.of("LUNBRIDGE_OUTPUT", "json"), "-m", "session"));
            assertThat(json.out()).startsWith("[{\"sid\":1,").contains("\"target\":\"" + TgtTarget.IQN + "\"");
            json = end(begin(Map.of("LUNBRIDGE_OUTPUT", "json"), "-m", "node"));
            assertThat(json.out()).contains("\"node.name\":\"" + TgtTarget.IQN + "\"");

            Path mounted = Files.createFile(daemon.kernelFile("nbd0.mounted"));
            Outcome busy = iscsiadm("-m", "session", "-u");
            assertThat(busy.exitCode()).isEqualTo(28);
            assertThat(busy.err())
                    .startsWith("iscsiadm: Could not logout of [sid: 1, target: ")
                    .contains("iscsiadm: initiator reported error (28 - device or resource in use)\n")
                    .endsWith("iscsiadm: Could not logout of all requested sessions\n");
            Files.delete(mounted);

            target.kill();
            assertThat(iscsiadm("-m", "session", "-u"))
                    .isEqualTo(new Outcome(
                            0,
                            "Logging out of session [sid: 1, target: %s, portal: 127.0.0.1,%d]%n"
                                            .formatted(TgtTarget.IQN, target.port())
                                    + "Logout of [sid: 1, target: %s, portal: 127.0.0.1,%d] successful.%n"
                                            .formatted(TgtTarget.IQN, target.port()),
                            ""));
        }
    }

    @Test
    @Row("M-64")
    void anInterrupt() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process =
                    begin(Map.of(), "-m", "discovery", "-t", "st", "-p", "127.0.0.1:" + silent.getLocalPort());
            try (Socket client = silent.accept()) {
                Processes.run("kill", "-INT", Long.toString(process.pid()));
                assertThat(end(process)).isEqualTo(new Outcome(1, "", "iscsiadm: caught SIGINT, exiting...\n"));
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    @Test
    @Row({"S-43", "M-19"})
    void whoLooksForAFaultIsToldMore() throws Exception {
        assertThat(iscsiadm("-m", "session", "-d", "0").err()).isEqualTo("iscsiadm: No active sessions.\n");
        assertThat(iscsiadm("-m", "session", "-d", "8").err())
                .startsWith("iscsiadm: records are in " + directory + "/etc/iscsi")
                .contains("iscsiadm: asking the daemon at " + directory + "/run/lunbridge/control: sessions\n")
                .endsWith("iscsiadm: No active sessions.\n");
    }

    @Test
    @Row({"R-63", "S-53"})
    void theIsnsServerOfTheConfiguration() throws Exception {
        Outcome outcome = iscsiadm("-m", "discovery", "-t", "isns");
        assertThat(outcome.exitCode()).isEqualTo(25);
        assertThat(outcome.err())
                .contains("127.0.0.1:1: ")
                .endsWith("iscsiadm: Could not perform iSNS discovery: iSNS query failed\n");
    }
}
