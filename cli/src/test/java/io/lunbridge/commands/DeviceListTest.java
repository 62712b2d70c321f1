package io.lunbridge.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.Report;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The daemon's devices and the kernel's others in one list, and as a table. */
final class DeviceListTest {

    private static final String TARGET = "iqn.2026-01.org.example:disk";

    private static Report ofDaemon(String device, String state, @Nullable Integer secondsLeft) {
        return new Report()
                .put("device", device)
                .put("target", TARGET)
                .put("portal", "192.0.2.1:3260")
                .put("lun", 1)
                .put("sizeBytes", 1536L << 20)
                .put("state", state)
                .put("inFlight", 3)
                .put("queued", 12)
                .put("secondsLeft", secondsLeft)
                .put("detail", null)
                .put("id", "0123456789abcdef");
    }

    private static Report ofKernel(String device, @Nullable String backend) {
        return new Report()
                .put("device", device)
                .put("sizeBytes", 1L << 20)
                .put("readOnly", false)
                .put("backend", backend);
    }

    private static String table(List<Report> reports) {
        return DeviceList.TABLE.text(reports);
    }

    @Test
    void theDaemonsComeFirstAndEachOnce() {
        Report othersByTheDaemon = new Report().put("device", "/dev/nbd0").put("state", "not ours");
        List<Report> devices = DeviceList.of(
                List.of(
                        ofDaemon("/dev/nbd7", "attached", null),
                        ofDaemon("/dev/nbd3", "recovering", 87),
                        othersByTheDaemon),
                List.of(
                        ofKernel("/dev/nbd0", "iscsi://192.0.2.1:3260/" + TARGET + "/2 bytes 512+1024"),
                        ofKernel("/dev/nbd1", null),
                        ofKernel("/dev/nbd3", "lunbridge-0123456789abcdef"),
                        ofKernel("/dev/nbd7", "lunbridge-0123456789abcde0")));
        assertThat(table(devices)).isEqualTo("""
                DEVICE     TARGET                        PORTAL          LUN  SIZE      STATE       IN-FLIGHT  QUEUED  LEFT
                /dev/nbd7  iqn.2026-01.org.example:disk  192.0.2.1:3260  1    1.50 GiB  attached    3          12      -
                /dev/nbd3  iqn.2026-01.org.example:disk  192.0.2.1:3260  1    1.50 GiB  recovering  3          12      87 s
                /dev/nbd0  iqn.2026-01.org.example:disk  192.0.2.1:3260  2    1 MiB     foreign     -          -       -
                /dev/nbd1  -                             -               -    1 MiB     foreign     -          -       -
                """);
        Set<String> keys = Set.copyOf(devices.get(0).values().keySet());
        assertThat(devices)
                .allSatisfy(device -> assertThat(device.values().keySet()).isEqualTo(keys));
    }

    @Test
    void withoutADaemonItsDevicesAreUnserved() {
        List<Report> kernels =
                List.of(ofKernel("/dev/nbd3", "lunbridge-0123456789abcdef"), ofKernel("/dev/nbd4", "x\ny"));
        assertThat(table(DeviceList.of(null, kernels)))
                .contains("lunbridge-0123456789abcdef")
                .contains(" unserved ")
                .contains("x?y");
        assertThat(table(DeviceList.of(List.of(), kernels))).doesNotContain("unserved");
    }

    @Test
    void noDeviceIsNoTable() {
        assertThat(table(DeviceList.of(null, List.of()))).isEmpty();
    }
}
