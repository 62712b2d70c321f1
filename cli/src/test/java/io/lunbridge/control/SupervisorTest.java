package io.lunbridge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the service manager is told, by a socket as systemd has it. */
@Timeout(30)
final class SupervisorTest {

    @TempDir
    private Path directory;

    private static UnixDatagramChannel listenAt(String address) throws IOException {
        return UnixDatagramChannel.open().bind(new UnixSocketAddress(address));
    }

    private static String next(UnixDatagramChannel channel) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(4096);
        channel.receive(datagram);
        return StandardCharsets.UTF_8.decode(datagram.flip()).toString();
    }

    private static Supervisor named(String socket) {
        return Supervisor.of(Map.of("NOTIFY_SOCKET", socket));
    }

    @Test
    void pathIsTold() throws Exception {
        String path = directory.resolve("notify").toString();
        try (UnixDatagramChannel listening = listenAt(path);
                Supervisor supervisor = named(path)) {
            supervisor.tell(Supervisor.READY, Supervisor.status("1 device: \"ä\"\n\u0007"));
            supervisor.tell(Supervisor.extension(1500));
            assertThat(next(listening)).isEqualTo("READY=1\nSTATUS=1 device: \"ä\"??");
            assertThat(next(listening)).isEqualTo("EXTEND_TIMEOUT_USEC=1500000");
        }
    }

    @Test
    void abstractNameIsTold() throws Exception {
        String name = "lunbridge-" + UUID.randomUUID();
        try (UnixDatagramChannel listening = listenAt("\0" + name);
                Supervisor supervisor = named("@" + name)) {
            supervisor.tell(Supervisor.STOPPING);
            assertThat(next(listening)).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void nobodyListeningDoesNoHarm() {
        for (String socket : List.of("", directory.resolve("nobody").toString(), "vsock:2:1234", "@nobody-at-all")) {
            try (Supervisor supervisor = named(socket)) {
                supervisor.tell(Supervisor.READY);
                supervisor.tell(Supervisor.ALIVE);
            }
        }
    }

    @Test
    void serviceManagerThatTakesNothingDoesNotHoldUsForLong() throws Exception {
        String path = directory.resolve("stuck").toString();
        try (UnixDatagramChannel stuck = listenAt(path);
                Supervisor supervisor = named(path)) {
            assertThat(stuck.isOpen()).isTrue();
            // Its queue is full after some ten datagrams; from then on each waits for its limit.
            long started = System.nanoTime();
            for (int i = 0; System.nanoTime() - started < 900_000_000L; i++) {
                supervisor.tell("X=" + i);
            }
            assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
        }
    }

    @Test
    void watchdogIsServedIfItIsMeantForUs() {
        String own = Long.toString(ProcessHandle.current().pid());
        assertThat(watchdog(Map.of())).isZero();
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "30000000"))).isEqualTo(30_000);
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", own)))
                .isEqualTo(30_000);
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1")))
                .isZero();
        assertThat(watchdog(Map.of("WATCHDOG_USEC", "soon"))).isZero();
    }

    private static long watchdog(Map<String, String> environment) {
        try (Supervisor supervisor = Supervisor.of(environment)) {
            return supervisor.watchdogMillis();
        }
    }

    @Test
    void aliveIsToldOnlyWhileTheDevicesAnswer() throws Exception {
        String path = directory.resolve("notify").toString();
        CountDownLatch turning = new CountDownLatch(1);
        try (UnixDatagramChannel listening = listenAt(path);
                Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "20000"));
                HealthReport health = HealthReport.start(supervisor, () -> answered(turning))) {
            assertThat(health).isNotNull();
            supervisor.tell("X=first");
            turning.countDown();
            // The devices were asked before that; what they say comes after it.
            assertThat(next(listening)).isEqualTo("X=first");
            assertThat(next(listening)).isEqualTo("STATUS=0 devices\nWATCHDOG=1");
            assertThat(next(listening)).isEqualTo("STATUS=0 devices\nWATCHDOG=1");
        }
    }

    @Test
    void loopThatDoesNotTurnIsNoLife() throws Exception {
        String path = directory.resolve("notify").toString();
        try (UnixDatagramChannel listening = listenAt(path);
                Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "20000"));
                HealthReport health = HealthReport.start(
                        supervisor, () -> List.of(device("attached", null), device("unknown", null)))) {
            health.begin("stopping: ");
            String told = next(listening);
            while (!told.contains("stopping")) { // told before that, and not read yet
                assertThat(told).isEqualTo("STATUS=2 devices, 1 attached, 1 unknown");
                told = next(listening);
            }
            assertThat(told).isEqualTo("STATUS=stopping: 2 devices, 1 attached, 1 unknown");
        }
    }

    private static List<Report> answered(CountDownLatch turning) {
        try {
            turning.await();
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void statusCountsAndTellsWhatIsWrong() {
        assertThat(HealthReport.text(List.of())).isEqualTo("0 devices");
        assertThat(HealthReport.text(List.of(device("attached", null)))).isEqualTo("1 device");
        assertThat(HealthReport.text(List.of(
                        device("attached", -1L),
                        device("recovering", 87),
                        device("recovering", 12),
                        device("gone", null),
                        new Report().put("device", "/dev/nbd9").put("state", "not ours"))))
                .isEqualTo("4 devices, 1 attached, 1 gone, 2 recovering; requests wait for 12 s more");
    }

    private static Report device(String state, @org.jspecify.annotations.Nullable Number secondsLeft) {
        return new Report()
                .put("target", "iqn.2026-01.org.example:disk")
                .put("state", state)
                .put("secondsLeft", secondsLeft);
    }
}
