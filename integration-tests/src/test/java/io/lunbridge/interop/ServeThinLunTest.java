package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Holes of a thin LUN: what {@code nbdinfo --map} tells is what the LUN's file has. */
@NeedsTools({"tgtd", "nbdinfo", "qemu-io"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("lun")
@Tag("lun-core")
class ServeThinLunTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final long SIZE = 64 * MEBIBYTE;

    private TgtTarget target;

    @BeforeAll
    void startTarget() {
        target = TgtTarget.start();
    }

    @AfterAll
    void stopTarget() {
        target.close();
    }

    @Test
    void mapTellsWhatIsWrittenAndWhatIsDiscarded() throws IOException {
        Path file = target.newFile(SIZE);
        int lun = target.addLun(file, "rdwr");
        target.update(lun, "thin_provisioning=1");
        try (ServedLun served = new ServedLun(target.url(lun))) {
            assertThat(map(served)).containsExactly("0 67108864 hole,zero");

            qemuIo(served, "write -P 0x21 8M 4M");
            assertThat(map(served))
                    .containsExactly("0 8388608 hole,zero", "8388608 4194304 data", "12582912 54525952 hole,zero");

            qemuIo(served, "discard 9M 1M", "read -P 0x21 8M 1M", "read -P 0x21 10M 2M", "read -P 0 9M 1M");
            assertThat(map(served))
                    .containsExactly(
                            "0 8388608 hole,zero",
                            "8388608 1048576 data",
                            "9437184 1048576 hole,zero",
                            "10485760 2097152 data",
                            "12582912 54525952 hole,zero");
        }
        assertThat(blocksOf(file)).isEqualTo(3 * MEBIBYTE);
    }

    @Test
    void zeroesWithUnmapMakeHolesAndWithoutDoNot() throws IOException {
        Path file = target.newFile(SIZE);
        int lun = target.addLun(file, "rdwr");
        target.update(lun, "thin_provisioning=1");
        try (ServedLun served = new ServedLun(target.url(lun))) {
            qemuIo(served, "write -P 0x31 0 4M", "write -z 1M 1M", "write -z -u 3M 1M");
            qemuIo(served, "read -P 0x31 0 1M", "read -P 0 1M 1M", "read -P 0x31 2M 1M", "read -P 0 3M 1M");

            assertThat(map(served)).containsExactly("0 3145728 data", "3145728 63963136 hole,zero");
        }
        assertThat(blocksOf(file)).isEqualTo(3 * MEBIBYTE);
    }

    /** Lines as "offset length description", neighbours of one kind put together. */
    private static List<String> map(ServedLun served) {
        List<String> merged = new ArrayList<>();
        String output =
                Processes.run("nbdinfo", "--map=base:allocation", served.uri()).output();
        long start = 0;
        long length = 0;
        String kind = "";
        for (String line : output.lines().toList()) {
            String[] fields = line.trim().split(" +", 4);
            if (fields[3].equals(kind)) {
                length += Long.parseLong(fields[1]);
                continue;
            }
            add(merged, start, length, kind);
            start = Long.parseLong(fields[0]);
            length = Long.parseLong(fields[1]);
            kind = fields[3];
        }
        add(merged, start, length, kind);
        return merged;
    }

    private static void add(List<String> lines, long start, long length, String kind) {
        if (length > 0) {
            lines.add(start + " " + length + " " + kind);
        }
    }

    private static void qemuIo(ServedLun served, String... commands) {
        var line = new ArrayList<>(List.of("qemu-io", "-f", "raw", "-d", "unmap"));
        for (String command : commands) {
            line.add("-c");
            line.add(command);
        }
        line.add(served.uri());
        String output = Processes.run(line.toArray(String[]::new)).output();
        assertThat(output).doesNotContain("failed");
    }

    /** Bytes of the file that have storage. */
    private static long blocksOf(Path file) throws IOException {
        assertThat(Files.size(file)).isEqualTo(SIZE);
        String blocks = Processes.run("stat", "-c", "%b", file.toString()).output();
        return Long.parseLong(blocks.trim()) * 512;
    }
}
