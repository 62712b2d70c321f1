package io.lunbridge.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapWatchTest {

    private static final String HEADING = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    @TempDir
    private Path root;

    /** nbd0 is ours, with a partition and a device mapper on that; nbd1 is another's; sda is no nbd device. */
    @BeforeEach
    void blockDevices() throws IOException {
        Path devices = Files.createDirectories(root.resolve("sys/devices/virtual/block"));
        for (String name : new String[] {"nbd0", "nbd0/nbd0p1", "nbd1", "dm-3", "sda"}) {
            Files.createDirectories(devices.resolve(name).resolve("slaves"));
            link("sys/class/block/" + Path.of(name).getFileName(), devices.resolve(name));
        }
        write("sys/devices/virtual/block/nbd0/backend", "lunbridge-0011223344556677\n");
        write("sys/devices/virtual/block/nbd1/backend", "another\n");
        link("sys/devices/virtual/block/dm-3/slaves/nbd0p1", devices.resolve("nbd0/nbd0p1"));
        link("sys/dev/block/43:1", devices.resolve("nbd0/nbd0p1"));
        link("sys/dev/block/8:0", devices.resolve("sda"));
        write("proc/self/mountinfo", """
                20 1 8:0 / / rw - ext4 /dev/sda rw
                21 20 43:1 / /srv rw - ext4 /dev/nbd0p1 rw
                22 20 8:0 /x /srvs rw - ext4 /dev/sda rw
                """);
    }

    @Test
    void findsSwapOnOurDisks() throws IOException {
        assertSwap("/dev/nbd0 partition 1 0 -2", true);
        assertSwap("/dev/nbd0p1                             partition\t1024\t0\t-2", true);
        assertSwap("/dev/dm-3 partition 1 0 -2", true);
        assertSwap("/srv/swapfile file 1 0 -2", true);
        assertSwap("/dev/nbd1 partition 1 0 -2", false);
        assertSwap("/dev/sda partition 1 0 -2", false);
        assertSwap("/srvs/swapfile file 1 0 -2", false);
        assertSwap("/swapfile file 1 0 -2", false);
        assertSwap("", false);
    }

    @Test
    void tellsOnceEachTimeThatItBegins() throws IOException {
        SwapWatch watch = new SwapWatch(new Swaps(root));
        assertThat(watch.look()).isZero();
        write("proc/swaps", HEADING + "/dev/nbd0 partition 1 0 -2\n");
        assertThat(watch.look()).isOne();
        assertThat(watch.look()).isZero();
        write("proc/swaps", HEADING);
        assertThat(watch.look()).isZero();
        write("proc/swaps", HEADING + "/dev/nbd0 partition 1 0 -2\n");
        assertThat(watch.look()).isOne();
    }

    private void assertSwap(String line, boolean ours) throws IOException {
        write("proc/swaps", HEADING + line + "\n");
        assertThat(new Swaps(root).onOurDisks()).as(line).hasSize(ours ? 1 : 0);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void link(String name, Path target) throws IOException {
        Path link = root.resolve(name);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, target);
    }
}
