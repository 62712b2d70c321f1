package io.lunbridge.nbd.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.AlignedBlockDevice;
import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.SplittingBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libnbd's, QEMU's and fio's clients against the real server on a Unix socket, data compared. */
class ClientsTest {

    private static final long SIZE = 64L << 20;

    @TempDir
    private Path directory;

    private ServerFixture fixture;
    private String uri;

    @BeforeEach
    void serve() throws IOException {
        fixture = ServerFixture.onEpoll();
        fixture.export("disk", ClientsTest::stack);
        Path socket = fixture.listenUnix(directory.resolve("nbd.sock"));
        uri = "nbd+unix:///disk?socket=" + socket;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void nbdinfoTellsTheExportAsItIs() {
        String json = Tool.run("nbdinfo", "--json", uri);
        assertThat(json)
                .contains("\"protocol\": \"newstyle-fixed\"")
                .contains("\"structured\": true")
                .contains("\"export-size\": " + SIZE)
                .contains("\"description\": \"test disk disk\"")
                .contains("\"base:allocation\"")
                .contains("\"is_read_only\": false")
                .contains("\"can_fua\": true")
                .contains("\"can_flush\": true")
                .contains("\"can_trim\": true")
                .contains("\"can_zero\": true")
                .contains("\"can_fast_zero\": true")
                .contains("\"can_cache\": true")
                .contains("\"can_multi_conn\": true")
                .contains("\"can_df\": true")
                .contains("\"block_size_minimum\": 1")
                .contains("\"block_size_preferred\": 4096")
                .contains("\"block_size_maximum\": 33554432");
        assertThat(Tool.run("nbdinfo", "--list", uri)).contains("export=\"disk\":");
        assertThat(Tool.run("nbdinfo", "--size", uri).trim()).isEqualTo(Long.toString(SIZE));
        assertThat(Tool.tryRun("nbdinfo", "--can", "write", uri).exitCode()).isZero();
        assertThat(Tool.tryRun("nbdinfo", "--is", "rotational", uri).exitCode()).isEqualTo(2);
        assertThat(Tool.tryRun("nbdinfo", uri.replace("disk?", "other?")).output())
                .contains("No such file or directory");
    }

    @Test
    void nbdcopyAndQemuImgBringTheSameBytesBack() throws IOException {
        Path image = randomImageWithHoles();
        Path back = directory.resolve("back");
        Tool.run("nbdcopy", image.toString(), uri);
        Tool.run("nbdcopy", uri, back.toString());
        assertThat(Files.mismatch(image, back)).isEqualTo(-1);
        Tool.run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", image.toString(), uri);
        Tool.run("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), uri);
        Path converted = directory.resolve("converted");
        Tool.run("qemu-img", "convert", "-f", "raw", "-O", "raw", uri, converted.toString());
        assertThat(Files.mismatch(image, converted)).isEqualTo(-1);
    }

    @Test
    void fourConnectionsOverTcpShareOneDisk() throws IOException {
        Path image = randomImageWithHoles();
        Path back = directory.resolve("back");
        String tcp = "nbd://127.0.0.1:" + fixture.listenTcp().getPort() + "/disk";
        Tool.run("nbdcopy", "--connections=4", "--requests=64", "--request-size=1048576", image.toString(), tcp);
        Tool.run("nbdcopy", "--connections=4", "--requests=64", "--request-size=262144", tcp, back.toString());
        assertThat(Files.mismatch(image, back)).isEqualTo(-1);
    }

    @Test
    void mapsTellHolesAndData() {
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 7 1M 1M", "-c", "write -z 4M 1M", uri);
        assertThat(Tool.run("nbdinfo", "--map", uri)
                        .lines()
                        .map(line -> line.replaceAll(" +", " ").trim()))
                .containsExactly(
                        "0 1048576 3 hole,zero",
                        "1048576 1048576 0 data",
                        "2097152 2097152 3 hole,zero",
                        "4194304 1048576 0 data",
                        "5242880 61865984 3 hole,zero");
        assertThat(Tool.run("qemu-img", "map", "--output=json", "-f", "raw", uri))
                .contains("\"start\": 1048576, \"length\": 1048576, \"depth\": 0, \"present\": true, \"zero\": false");
    }

    @Test
    void qemuIoWritesUnalignedZeroesAndDiscards() {
        String output = Tool.run(
                "qemu-io",
                "-f",
                "raw",
                "-c",
                "write -P 0xaa 0 256k",
                "-c",
                "write -P 0xbb 12345 777",
                "-c",
                "write -f -P 0xcc 65537 1",
                "-c",
                "write -z -u 100000 5000",
                "-c",
                "write -z 200001 1001",
                "-c",
                "discard 131072 4096",
                "-c",
                "flush",
                "-c",
                "read -P 0xaa 0 12345",
                "-c",
                "read -P 0xbb 12345 777",
                "-c",
                "read -P 0xaa 13122 52415",
                "-c",
                "read -P 0xcc 65537 1",
                "-c",
                "read -P 0 100000 5000",
                "-c",
                "read -P 0 131072 4096",
                "-c",
                "read -P 0xaa 199000 1001",
                "-c",
                "read -P 0 200001 1001",
                uri);
        assertThat(output).doesNotContain("failed").doesNotContain("error");
    }

    @Test
    void fioVerifiesWhatItWrote() {
        String output = Tool.run(
                "fio",
                "--name=verify",
                "--ioengine=nbd",
                "--uri=" + uri,
                "--rw=randwrite",
                "--bsrange=512-64k",
                "--size=32m",
                "--iodepth=32",
                "--verify=crc32c",
                "--verify_fatal=1",
                "--verify_state_save=0",
                "--randseed=7");
        assertThat(output).contains("err= 0");
    }

    /** What a LUN is served through, over a medium of blocks that answers out of order. */
    private static BlockDevice stack(EventLoop loop) {
        BlockDevice medium = new MemoryBlockDevice(loop, TestGeometry.of(SIZE, 512, 1 << 20));
        BlockDevice unordered = new DelayedBlockDevice(medium, 4).releasingWithin(300);
        return new CheckedBlockDevice(new AlignedBlockDevice(new SplittingBlockDevice(unordered)));
    }

    private Path randomImageWithHoles() throws IOException {
        byte[] image = new byte[(int) SIZE];
        Random random = new Random(42);
        byte[] part = new byte[1 << 20];
        for (int at = 0; at < image.length; at += 3 * part.length) {
            random.nextBytes(part);
            System.arraycopy(part, 0, image, at, Math.min(part.length, image.length - at));
        }
        return Files.write(directory.resolve("image"), image);
    }
}
