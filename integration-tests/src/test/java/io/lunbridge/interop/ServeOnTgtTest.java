package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way: NBD clients of others, {@code lunbridge serve}, a LUN of tgt. What arrived is checked where it lies,
 * in the LUN's file, and not only by reading it back the same way.
 */
@NeedsTools({"tgtd", "nbdinfo", "nbdcopy", "qemu-img", "qemu-io", "fio"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("lun")
@Tag("lun-core")
class ServeOnTgtTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final long SIZE = 64 * MEBIBYTE;
    private static final boolean LONG = System.getenv("LUNBRIDGE_LONG") != null;
    private static final Duration LIMIT = LONG ? Duration.ofMinutes(10) : Duration.ofMinutes(1);

    private TgtTarget target;
    private Path lunFile;
    private ServedLun served;

    @BeforeAll
    void startTarget() {
        target = TgtTarget.start();
    }

    @BeforeEach
    void serve() {
        lunFile = target.newFile(SIZE);
        served = new ServedLun(target.url(target.addLun(lunFile, "rdwr")));
    }

    @AfterEach
    void stopServing() {
        served.close();
    }

    @AfterAll
    void stopTarget() {
        target.close();
    }

    @Test
    void nbdinfoSeesTheDisk() {
        assertThat(run("nbdinfo", "--size", served.uri()).trim()).isEqualTo(Long.toString(SIZE));
        assertThat(run("nbdinfo", "--json", served.uri()))
                .contains("\"can_flush\": true")
                .contains("\"can_fua\": true")
                .contains("\"can_zero\": true")
                .contains("\"is_read_only\": false")
                .contains("base:allocation");
    }

    @Test
    void socketBelongsToItsUserAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(served.socket())))
                .isEqualTo("rw-------");
    }

    @Test
    void qemuImgCopiesAnImageIn(@TempDir Path directory) throws IOException {
        Path image = randomImage(directory);

        run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", image.toString(), served.uri());

        assertThat(run("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), served.uri()))
                .contains("identical");
        assertThat(Files.mismatch(image, lunFile)).isEqualTo(-1);
    }

    @Test
    void nbdcopyCopiesAnImageOutAndIn(@TempDir Path directory) throws IOException {
        Path image = randomImage(directory);
        Path copy = directory.resolve("copy.img");

        run("nbdcopy", image.toString(), served.uri());
        run("nbdcopy", served.uri(), copy.toString());

        assertThat(Files.mismatch(image, lunFile)).isEqualTo(-1);
        assertThat(Files.mismatch(image, copy)).isEqualTo(-1);
    }

    @Test
    void fioVerifiesRandomWrites() {
        String output = run(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + served.uri(),
                "--rw=randwrite",
                "--bsrange=512-128k",
                "--bs_unaligned=0",
                "--iodepth=32",
                "--size=" + SIZE,
                "--verify=crc32c",
                "--verify_fatal=1",
                "--verify_state_save=0",
                "--do_verify=1");

        assertThat(output).contains("err= 0");
    }

    @Test
    void fioVerifiesWhatItOverwritesAllTheTime() {
        String output = run(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + served.uri(),
                "--rw=randwrite",
                "--bs=4k",
                "--iodepth=32",
                "--size=" + SIZE,
                "--verify=crc32c",
                "--verify_fatal=1",
                "--verify_state_save=0",
                "--verify_backlog=1024",
                "--time_based",
                "--runtime=" + (LONG ? 60 : 4));

        assertThat(output).contains("err= 0");
    }

    @Test
    void qemuIoWritesAtAnyOffset() throws IOException {
        qemuIo(
                "write -P 0x11 0 1M",
                "write -P 0x22 513 1000",
                "write -P 0x33 4095 2",
                "write -P 0x44 1048575 1",
                "read -P 0x11 0 513",
                "read -P 0x22 513 1000",
                "read -P 0x11 1513 2582",
                "read -P 0x33 4095 2",
                "read -P 0x44 1048575 1",
                "flush");

        byte[] start = firstMebibyte();
        assertThat(start[512]).isEqualTo((byte) 0x11);
        assertThat(start[513]).isEqualTo((byte) 0x22);
        assertThat(start[1513]).isEqualTo((byte) 0x11);
        assertThat(start[4095]).isEqualTo((byte) 0x33);
        assertThat(start[start.length - 1]).isEqualTo((byte) 0x44);
    }

    @Test
    void qemuIoZeroesWithoutThinProvisioning() throws IOException {
        qemuIo(
                "write -P 0x55 0 1M",
                "write -z 4096 65536",
                "write -z -u 131072 65536",
                "read -P 0 4096 65536",
                "read -P 0 131072 65536",
                "read -P 0x55 0 4096",
                "read -P 0x55 69632 61440",
                "flush");

        assertThat(firstMebibyte()[4096]).isZero();
    }

    @Test
    void writesThroughWithForceUnitAccess() throws IOException {
        qemuIo("write -f -P 0x66 0 1M", "read -P 0x66 0 1M");

        assertThat(firstMebibyte()).containsOnly(0x66);
    }

    @Test
    void sigtermEndsItInOrder() throws IOException {
        qemuIo("write -P 0x77 0 1M");

        int status = served.terminate();

        assertThat(status).as(served.process().output()).isZero();
        assertThat(served.socket()).doesNotExist();
        assertThat(target.sessionCount()).isZero();
        assertThat(firstMebibyte()).containsOnly(0x77);
    }

    private void qemuIo(String... commands) {
        List<String> line = new ArrayList<>(List.of("qemu-io", "-f", "raw"));
        for (String command : commands) {
            line.add("-c");
            line.add(command);
        }
        line.add(served.uri());
        String output = run(line.toArray(String[]::new));
        assertThat(output).doesNotContain("failed");
    }

    private byte[] firstMebibyte() throws IOException {
        try (var in = Files.newInputStream(lunFile)) {
            return in.readNBytes((int) MEBIBYTE);
        }
    }

    private static Path randomImage(Path directory) throws IOException {
        Path image = directory.resolve("random.img");
        byte[] bytes = new byte[(int) MEBIBYTE];
        Random random = new Random(64);
        try (OutputStream out = Files.newOutputStream(image)) {
            for (long written = 0; written < SIZE; written += bytes.length) {
                random.nextBytes(bytes);
                out.write(bytes);
            }
        }
        return image;
    }

    private static String run(String... command) {
        return Processes.outcome(LIMIT, command).orFail().output();
    }
}
