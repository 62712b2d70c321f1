package io.lunbridge.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.nbd.client.NbdErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a process that holds devices does with them; with a real target. */
@Tag("once")
final class DevicesTest extends DevicesRig {

    @Test
    void theSameRequestGivesTheSameDeviceAndAnotherIsRefused() throws Exception {
        DaemonProcess first = start(null);

        assertThat(first.tell(attach(1))).isEqualTo("ok /dev/nbd0");
        assertThat(first.tell(attach(1))).isEqualTo("ok /dev/nbd0");
        assertThat(first.tell(attach(1, "device=/dev/nbd0"))).isEqualTo("ok /dev/nbd0");
        assertThat(first.tell(attach(1, "read-only=yes", "device=/dev/nbd3")))
                .startsWith("error BUSY")
                .contains("/dev/nbd0", "another device, read-only");
        assertThat(first.tell(attach(1, "length=4096"))).isEqualTo("ok /dev/nbd1");
        assertThat(first.tell(attach(0))).isEqualTo("ok /dev/nbd2");
        assertThat(first.tell(attach(7))).startsWith("error NO_SUCH_LUN");
        assertThat(files("var/lib/lunbridge/isid"))
                .as("one session, its ISID and its lock")
                .hasSize(2);
        assertThat(states()).hasSize(3);

        for (String device : List.of("/dev/nbd0", "nbd1", "nbd2")) {
            assertThat(first.tell("detach " + device)).isEqualTo("ok ");
        }
        assertThat(first.tell("list")).isEqualTo("ok []");
        assertThat(states()).isEmpty();
        assertThat(files("run/lunbridge/names")).isEmpty();
        assertThat(first.tell("fail nbd0")).startsWith("error FAILURE");
    }

    @Test
    void aDeviceThatIsLargerThanItsLunIsShown() throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(1));
        assertThat(first.device()).containsEntry("state", "attached");

        Files.createFile(directory.resolve("kernel/nbd0.shrunk"));

        assertThat(first.device()).containsEntry("state", "shrunk").containsKey("detail");
    }

    @Test
    void onlyOneAtATime() throws Exception {
        start(null);

        assertThatThrownBy(() -> DaemonProcess.start(directory, null)).isInstanceOf(IOException.class);
    }

    @Test
    void whatWaitsForATargetThatIsAwayFailsInTheEndAndLaterItWorksAgain() throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(1, "replacement-timeout=1"));
        first.kill();
        closeTarget();

        DaemonProcess next = start(null);

        assertThat(next.tell(attach(1, "replacement-timeout=1"))).isEqualTo("ok /dev/nbd0");
        assertThat(next.device()).containsEntry("state", "recovering");
        try (SocketDisk disk = new SocketDisk(directory, "/dev/nbd0")) {
            assertThatThrownBy(() -> disk.read(0)).isInstanceOf(NbdErrorException.class);
            assertThat(next.device()).containsEntry("state", "failed");
            assertThatThrownBy(() -> disk.read(0)).isInstanceOf(NbdErrorException.class);
            serveTarget();
            awaitState(next, "attached");
            disk.write(1, 11);
            assertThat(disk.read(1)).isEqualTo(11);
        }
    }

    @Test
    void aDeviceWhoseTargetIsAwayCanBeFailedAndDetachedByForce() throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(1, "replacement-timeout=-1"));
        first.kill();
        closeTarget();
        DaemonProcess next = start(null);
        try (SocketDisk disk = new SocketDisk(directory, "/dev/nbd0")) {
            CompletableFuture<Integer> reading = Threads.call("reading", () -> disk.read(0));
            while (!(next.device().get("queued") instanceof Integer queued) || queued == 0) {
                assertThat(reading).isNotDone();
            }
            assertThat(next.device()).doesNotContainKey("secondsLeft");

            assertThat(next.tell("fail nbd0")).isEqualTo("ok ");

            assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NbdErrorException.class);
        }
        assertThat(next.tell("detach nbd0 force")).isEqualTo("ok ");
        assertThat(next.tell("list")).isEqualTo("ok []");
        assertThat(states()).isEmpty();
    }

    @Test
    void aDeviceThatLosesItsTargetIsListedWithItsSecondsAndCanBeFailed() throws Exception {
        DaemonProcess daemon = start(null);
        daemon.tell(attach(1));
        try (SocketDisk disk = new SocketDisk(directory, "/dev/nbd0")) {
            disk.write(0, 7);
            closeTarget();
            awaitState(daemon, "recovering");
            assertThat(daemon.device().get("secondsLeft"))
                    .isInstanceOfSatisfying(
                            Number.class, left -> assertThat(left.longValue()).isBetween(1L, 120L));
            CompletableFuture<Integer> reading = Threads.call("reading", () -> disk.read(0));
            while (!(daemon.device().get("queued") instanceof Integer queued) || queued == 0) {
                assertThat(reading).isNotDone();
            }

            assertThat(daemon.tell("fail nbd0")).isEqualTo("ok ");

            assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NbdErrorException.class);
            assertThat(daemon.device()).containsEntry("state", "failed");
            serveTarget();
            awaitState(daemon, "attached");
            disk.write(1, 11);
            assertThat(disk.read(1)).isEqualTo(11);
        }
    }

    @Test
    void anotherUnitIsNeverServed() throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(1));
        first.kill();
        Path state = states().get(0);
        Files.writeString(state, Files.readString(state).replaceFirst("\"unit\":\"", "\"unit\":\"other"));

        DaemonProcess next = start(null);

        try (SocketDisk disk = new SocketDisk(directory, "/dev/nbd0")) {
            assertThatThrownBy(() -> disk.write(0, 1)).isInstanceOf(NbdErrorException.class);
            assertThat(next.device()).containsEntry("state", "failed");
            assertThat(next.device().get("detail")).asString().contains("another unit");
        }
        assertThat(next.tell("detach nbd0 force")).isEqualTo("ok ");
    }

    @Test
    void aStopTakesIdleDevicesAwayAndWaitsForOthers() throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(0));
        first.tell(attach(1));
        Path mounted = Files.createFile(directory.resolve("kernel/nbd1.mounted"));
        CompletableFuture<String> stop = Threads.call("stop", () -> first.tell("stop"));
        while (states().size() > 1) {
            assertThat(stop).isNotDone();
        }
        assertWorks("/dev/nbd1");
        assertThat(stop).isNotDone();

        Files.delete(mounted);

        assertThat(stop.get(20, TimeUnit.SECONDS)).isEqualTo("ok ");
        assertThat(states()).isEmpty();
    }

    @Test
    void aStopThatTakesTooLongLetsGoOfWhatIsInUse() throws Exception {
        DaemonProcess first = DaemonProcess.start(directory, null, 0);
        first.tell(attach(1));
        Path mounted = Files.createFile(directory.resolve("kernel/nbd0.mounted"));
        try (SocketDisk disk = new SocketDisk(directory, "/dev/nbd0")) {
            disk.write(5, 50);

            assertThat(first.tell("stop")).isEqualTo("ok ");
            first.kill();
            Files.delete(mounted);

            assertThat(start(null).tell(attach(1))).isEqualTo("ok /dev/nbd0");
            assertThat(disk.read(5)).isEqualTo(50);
        }
    }
}
