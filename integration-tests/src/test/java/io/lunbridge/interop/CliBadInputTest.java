package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.lunbridge.daemon.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with the input: one line on standard error, an exit code that tells which, and nothing left. */
@NeedsTools({"tgtd"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("once")
class CliBadInputTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final Duration LOGOUT_LIMIT = Duration.ofSeconds(5);

    private TgtTarget target;
    private int lun;

    @BeforeAll
    void start() {
        target = TgtTarget.start();
        lun = target.addFileLun(64 * MEBIBYTE);
    }

    @AfterAll
    void close() {
        target.close();
    }

    @AfterEach
    void noSessionIsLeft() {
        Waiting.until(LOGOUT_LIMIT, () -> target.sessionCount() == 0, () -> "a session is left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host/iqn.a:b/1", "iscsi://", "iscsi://host:0/iqn.a:b/1", "iscsi://host/iqn.a:b/x"})
    void aMalformedUrl(String url, @TempDir Path directory) {
        assertRefused(ExitCode.USAGE, "'lunbridge serve --help'", serve(url, directory));
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "17", "two", "-1"})
    void lanesThatNobodyCanHave(String lanes, @TempDir Path directory) {
        assertRefused(ExitCode.USAGE, "a number from 1 to 16", serve(target.url(lun), directory, "--lanes=" + lanes));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void lanesOfAKernelDevice() {
        assertRefused(
                ExitCode.USAGE,
                "a kernel device has one lane",
                Lunbridge.run("attach", target.url(lun), "--lanes", "2"));
    }

    @Test
    void anUnknownDigest() {
        assertRefused(
                ExitCode.USAGE,
                "'CRC64' is no choice",
                Lunbridge.run("info", target.url(lun), "--data-digest", "CRC64"));
    }

    @Test
    void anUnknownHost(@TempDir Path directory) {
        assertRefused(
                ExitCode.UNREACHABLE,
                "no-such-host.invalid",
                serve("iscsi://no-such-host.invalid/iqn.a:b/1", directory));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aRefusedPort(@TempDir Path directory) {
        int port = FreePort.next();

        assertRefused(
                ExitCode.UNREACHABLE,
                "127.0.0.1:" + port,
                serve("iscsi://127.0.0.1:" + port + "/iqn.a:b/1", directory));
        assertRefused(ExitCode.UNREACHABLE, "127.0.0.1:" + port, Lunbridge.run("discover", "127.0.0.1:" + port));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anUnknownTarget(@TempDir Path directory) {
        String url = target.url(lun).replace(TgtTarget.IQN, "iqn.2026-01.org.example:nobody");

        assertRefused(ExitCode.NO_SUCH_TARGET, "iqn.2026-01.org.example:nobody", serve(url, directory));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aLunThatDoesNotExist(@TempDir Path directory) {
        assertRefused(ExitCode.NO_SUCH_LUN, "LUN 99", serve(target.url(99), directory));
        assertRefused(ExitCode.NO_SUCH_LUN, "LUN 99", Lunbridge.run("info", target.url(99)));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsNoDisk(@TempDir Path directory) {
        assertRefused(ExitCode.NOT_A_DISK, "not a disk", serve(target.url(0), directory));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aTargetThatDemandsChap(@TempDir Path directory) {
        try (TgtTarget guarded = TgtTarget.start()) {
            int guardedLun = guarded.addFileLun(MEBIBYTE);
            guarded.admin("--mode", "account", "--op", "new", "--user", "joe", "--password", "secret12secret");
            guarded.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", "joe");

            assertRefused(ExitCode.LOGIN_REFUSED, "CHAP", serve(guarded.url(guardedLun), directory));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aRangeOutsideTheLun(@TempDir Path directory) {
        String url = target.url(lun);

        assertRefused(ExitCode.OUT_OF_RANGE, "67108864 bytes", serve(url, directory, "--offset", "64M"));
        assertRefused(ExitCode.OUT_OF_RANGE, "67108864 bytes", serve(url, directory, "--length", "65M"));
        assertRefused(
                ExitCode.OUT_OF_RANGE, "67108864 bytes", serve(url, directory, "--offset", "1M", "--length", "64M"));
        assertRefused(ExitCode.OUT_OF_RANGE, "block size", serve(url, directory, "--offset", "100"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aBadSize(@TempDir Path directory) {
        assertRefused(ExitCode.USAGE, "'1X' is no size", serve(target.url(lun), directory, "--length", "1X"));
        assertRefused(ExitCode.USAGE, "'-1' is no size", serve(target.url(lun), directory, "--offset=-1"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aSocketPathInUse(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));

            assertRefused(ExitCode.BUSY, path.toString(), serve(target.url(lun), directory));
        }
        assertThat(path).exists();
    }

    @Test
    void aFileInTheSocketsPlace(@TempDir Path directory) throws IOException {
        Path path = Files.writeString(directory.resolve("s"), "precious");

        assertRefused(ExitCode.BUSY, "no socket", serve(target.url(lun), directory));
        assertThat(path).hasContent("precious");
    }

    @Test
    void aSocketPathThatIsTooLong(@TempDir Path directory) {
        String path = directory.resolve("x".repeat(108)).toString();

        assertRefused(ExitCode.USAGE, "shorter", Lunbridge.run("serve", target.url(lun), "--socket", path));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatIsNotThere(@TempDir Path directory) {
        String path = directory.resolve("no/s").toString();

        assertRefused(ExitCode.FAILURE, "no directory", Lunbridge.run("serve", target.url(lun), "--socket", path));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPortInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            assertRefused(ExitCode.BUSY, address, Lunbridge.run("serve", target.url(lun), "--listen", address));
        }
    }

    @Test
    void neitherSocketNorPort() {
        assertRefused(ExitCode.USAGE, "--socket", Lunbridge.run("serve", target.url(lun)));
        assertRefused(
                ExitCode.USAGE,
                "exclusive",
                Lunbridge.run("serve", target.url(lun), "--socket", "/tmp/s", "--listen", "127.0.0.1:0"));
    }

    @Test
    void anUnknownOption() {
        assertRefused(ExitCode.USAGE, "--nonsense", Lunbridge.run("list", "--nonsense"));
        assertRefused(ExitCode.USAGE, "nonsense", Lunbridge.run("nonsense"));
    }

    @Test
    void attachingWithoutPrivilege() {
        List<String> unprivileged = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

        assertRefused(
                ExitCode.NOT_PERMITTED, "root", Lunbridge.run(unprivileged, "attach", "--foreground", target.url(lun)));
    }

    @Test
    void attachingWithoutADriver() {
        assumeFalse(Files.exists(Path.of("/sys/module/nbd")), "this kernel has nbd");
        assumeFalse(Files.exists(Path.of("/sys/block/nbd0")), "this kernel has nbd");
        assumeFalse(
                Processes.outcome(LOGOUT_LIMIT, "sh", "-c", "modprobe -n nbd").exitStatus() == 0,
                "nbd could be loaded");

        assertRefused(ExitCode.NO_KERNEL_NBD, "nbd", Lunbridge.run("attach", "--foreground", target.url(lun)));
    }

    @Test
    void withoutADaemon() {
        assertRefused(ExitCode.FAILURE, "--foreground", Lunbridge.run("attach", target.url(lun)));
        assertRefused(ExitCode.FAILURE, "no daemon", Lunbridge.run("fail", "/dev/nbd0"));
        assertRefused(ExitCode.USAGE, "nothing.conf", Lunbridge.run("attach", "--config", "nothing"));
        assertRefused(ExitCode.USAGE, "--offset", Lunbridge.run("attach", "--config", "nothing", "--offset", "1"));
        assertRefused(ExitCode.USAGE, "--config", Lunbridge.run("attach"));
    }

    @Test
    void detachingWhatIsNotAttached() {
        assertRefused(ExitCode.USAGE, "/dev/sda", Lunbridge.run("detach", "/dev/sda"));
        assertRefused(ExitCode.FAILURE, "nbd99", Lunbridge.run("detach", "/dev/nbd99"));
    }

    private static Lunbridge.Outcome serve(String url, Path directory, String... options) {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "serve";
        arguments[1] = url;
        arguments[2] = "--socket";
        arguments[3] = directory.resolve("s").toString();
        System.arraycopy(options, 0, arguments, 4, options.length);
        return Lunbridge.run(arguments);
    }

    private static void assertRefused(ExitCode exitCode, String reason, Lunbridge.Outcome outcome) {
        assertThat(outcome.err()).startsWith("lunbridge: ").contains(reason).hasLineCount(1);
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode.number());
        assertThat(outcome.out()).isEmpty();
    }
}
