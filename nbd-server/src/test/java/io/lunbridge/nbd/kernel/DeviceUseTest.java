package io.lunbridge.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceUseTest {

    private static final NbdDevice DEVICE = new NbdDevice(1);
    private static final String OTHERS = """
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            25 22 43:0 / /mnt/other rw - ext4 /dev/nbd0 rw
            26 22 43:352 / /mnt/eleven rw - ext4 /dev/nbd11 rw
            broken line
            """;

    @TempDir
    Path directory;

    private FakeHost host;

    @BeforeEach
    void someHost() {
        host = new FakeHost(directory)
                .withDevice(0)
                .withDevice(1)
                .with("proc/self/mountinfo", OTHERS)
                .with("proc/swaps", "Filename Type Size Used Priority\n/dev/nbd11 partition 1024 0 -2");
    }

    @Test
    void anIdleDeviceHasNoUses() {
        assertThat(DeviceUse.of(host.files(), DEVICE)).isEmpty();
    }

    @Test
    void findsAMountByNumberWhateverItsSourceSays() {
        host.with("proc/self/mountinfo", OTHERS + "30 22 43:32 / /mnt/a\\040b rw - ext4 /dev/disk/by-label/x rw");
        assertThat(DeviceUse.of(host.files(), DEVICE)).containsExactly("is mounted on /mnt/a b");
    }

    @Test
    void findsAMountOfAPartition() {
        host.with("proc/self/mountinfo", OTHERS + "30 22 43:33 / /srv rw shared:4 master:2 - xfs /dev/root rw");
        assertThat(DeviceUse.of(host.files(), DEVICE)).containsExactly("is mounted on /srv");
    }

    @Test
    void findsAMountBySourceWhereTheNumberIsAnother() {
        host.with("proc/self/mountinfo", OTHERS + "30 22 0:51 /sub /pool rw - btrfs /dev/nbd1p1 rw");
        assertThat(DeviceUse.of(host.files(), DEVICE)).containsExactly("is mounted on /pool");
    }

    @Test
    void findsSwapAndHolders() {
        host.with("proc/swaps", "Filename Type Size Used Priority\n/dev/nbd1p1      partition 1024 0 -2")
                .with("sys/block/nbd1/holders/dm-0", "")
                .with("sys/block/nbd1/nbd1p1/holders/md7", "");
        assertThat(DeviceUse.of(host.files(), DEVICE))
                .containsExactlyInAnyOrder("is swapped on", "is held by dm-0", "is held by md7");
    }

    @Test
    void findsThoseWhoHaveItOpen() {
        host.withOpen(100, "qemu", "/dev/nbd1")
                .withOpen(101, "dd", "/dev/nbd1p1")
                .withOpen(102, "other", "/dev/nbd11")
                .withOpen(103, "holder", "/dev/nbd1")
                .with("proc/103/task/1033/comm", "holder")
                .with("sys/block/nbd1/pid", "1033")
                .with("proc/104/comm", "no descriptors");
        assertThat(DeviceUse.openers(host.files(), DEVICE))
                .containsExactlyInAnyOrder("is open in process 100 (qemu)", "is open in process 101 (dd)");
    }
}
