package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NbdEndpointTest {

    @TempDir
    private Path directory;

    @Test
    void urisAreWhatNbdClientsTake() {
        NbdEndpoint unix = new NbdEndpoint(Path.of("/tmp/a b&c%/s.sock"), null);
        NbdEndpoint tcp = new NbdEndpoint(null, HostPort.parse("[::1]:0", 1));

        assertThat(unix.uri("", 0)).isEqualTo("nbd+unix:///?socket=/tmp/a%20b%26c%25/s.sock");
        assertThat(unix.uri("a/ü", 0)).isEqualTo("nbd+unix:///a%2F%C3%BC?socket=/tmp/a%20b%26c%25/s.sock");
        assertThat(tcp.uri("disk", 4711)).isEqualTo("nbd://[::1]:4711/disk");
    }

    @Test
    void aFreePathIsFine() throws Exception {
        new NbdEndpoint(directory.resolve("s"), null).check();

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPathThatTheSystemCannotTakeIsRefused() {
        NbdEndpoint endpoint = new NbdEndpoint(Path.of("/tmp/" + "x".repeat(103)), null);

        assertRefused(endpoint, ExitCode.USAGE, "has 108 bytes, and the system takes 107");
    }

    @Test
    void aFileThatIsNoSocketIsKept() throws Exception {
        Path file = Files.writeString(directory.resolve("precious"), "data");

        assertRefused(new NbdEndpoint(file, null), ExitCode.BUSY, "is no socket");
        assertThat(file).hasContent("data");
    }

    @Test
    void aLivingServersSocketIsKept() throws Exception {
        Path path = directory.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));

            assertRefused(new NbdEndpoint(path, null), ExitCode.BUSY, "a running server");
        }
        assertThat(path).exists();
    }

    @Test
    void aDeadServersSocketIsNoObstacle() throws Exception {
        Path path = directory.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();

        new NbdEndpoint(path, null).check();
    }

    @Test
    void aMissingDirectoryIsNamed() {
        assertRefused(
                new NbdEndpoint(directory.resolve("no/s"), null),
                ExitCode.FAILURE,
                "no directory " + directory + "/no");
    }

    private static void assertRefused(NbdEndpoint endpoint, ExitCode exitCode, String reason) {
        assertThatThrownBy(endpoint::check)
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
                .hasMessageContaining(reason);
    }
}
