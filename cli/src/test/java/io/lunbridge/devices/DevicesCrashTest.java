package io.lunbridge.devices;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Processes that hold devices are killed wherever they are, and are followed by others; with a real target. */
@Tag("once")
final class DevicesCrashTest extends DevicesRig {

    @Test
    void killedUnderLoadNothingIsLost() throws Exception {
        DaemonProcess first = start(null);
        String path = first.tell(attach(1)).substring("ok ".length());
        String other = first.tell(attach(0)).substring("ok ".length());
        Load load = new Load(path);
        Load otherLoad = new Load(other);
        for (int round = 0; round < 3; round++) {
            load.awaitWrites(200);
            otherLoad.awaitWrites(200);
            if (daemon != null) {
                daemon.kill();
            }
            start(null);
        }
        load.end();
        otherLoad.end();
        assertThat(files("var/lib/lunbridge/isid"))
                .as("always the same session")
                .hasSize(2);
        assertThat(states()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"ATTACH_NOTED", "CONNECTING", "CONNECTED", "ATTACHED"})
    void anAttachThatDies(Step step) throws Exception {
        assertThat(start(step).tell(attach(1))).isEqualTo("dead");

        DaemonProcess next = start(null);

        boolean connected = step.compareTo(Step.CONNECTED) >= 0;
        assertThat(states()).hasSize(connected ? 1 : 0);
        assertThat(files("run/lunbridge").stream()
                        .map(file -> file.getFileName().toString()))
                .as("no names are left where there is no device")
                .satisfies(any -> assertThat(connected
                                || !Files.exists(directory.resolve("run/lunbridge/names"))
                                || files("run/lunbridge/names").isEmpty())
                        .isTrue());
        assertThat(next.tell(attach(1))).isEqualTo("ok /dev/nbd0");
        assertWorks("/dev/nbd0");
    }

    @ParameterizedTest
    @EnumSource(names = {"DETACH_NOTED", "DISCONNECTED"})
    void aDetachThatDies(Step step) throws Exception {
        DaemonProcess first = start(step);
        assertThat(first.tell(attach(1))).isEqualTo("ok /dev/nbd0");
        assertThat(first.tell("detach nbd0")).isEqualTo("dead");

        DaemonProcess next = start(null);

        awaitNoDevice(next);
        assertThat(states()).isEmpty();
        assertThat(next.tell(attach(1))).isEqualTo("ok /dev/nbd0");
    }

    @Test
    void aDetachThatDiesIsGivenUpWhereTheDeviceIsInUseAgain() throws Exception {
        DaemonProcess first = start(Step.DETACH_NOTED);
        first.tell(attach(1));
        first.tell("detach nbd0");
        Files.createFile(directory.resolve("kernel/nbd0.mounted"));

        DaemonProcess next = start(null);

        assertWorks("/dev/nbd0");
        while (!Files.readString(states().get(0)).contains("\"ATTACHED\"")) {
            assertThat(next.device()).containsEntry("device", "/dev/nbd0");
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"RECONFIGURING", "RECONFIGURED", "SUPPLYING", "SUPPLIED"})
    void aTakeOverThatDies(Step step) throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(1));
        try (SocketDisk disk = new SocketDisk(directory, "/dev/nbd0")) {
            disk.write(7, 70);
            first.kill();
            start(step).awaitEnd();

            start(null);

            assertThat(disk.read(7)).isEqualTo(70);
            disk.write(8, 80);
            assertThat(disk.read(8)).isEqualTo(80);
        }
    }

    @Test
    void damagedStateHarmsNobody() throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(0));
        first.tell(attach(1));
        first.kill();
        Files.writeString(states().get(0), "{");

        DaemonProcess next = start(null);

        assertThat(next.device()).containsKey("target");
        assertThat(next.tell("detach nbd0 force")).isEqualTo("ok ");
        assertThat(next.tell("detach nbd1 force")).isEqualTo("ok ");
        assertThat(next.tell("list")).isEqualTo("ok []");
    }

    @Test
    void aReleasedDeviceGoesOnInTheNextProcess() throws Exception {
        DaemonProcess first = start(null);
        first.tell(attach(1));
        Load load = new Load("/dev/nbd0");
        load.awaitWrites(100);

        assertThat(first.tell("release")).isEqualTo("ok ");
        first.kill();
        start(null);

        load.awaitWrites(100);
        load.end();
    }
}
