package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.nbd.export.Export;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NbdServiceTest {

    @TempDir
    private Path directory;

    private final Transport transport = Transport.open();
    private final Export export = new Export("disk", "", MemoryBlockDevice.of(transport.eventLoop(), 1 << 20));

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void aSocketIsThereUntilTheServiceCloses() throws Exception {
        Path socket = directory.resolve("s");
        try (NbdService service = NbdService.listen(transport, new NbdEndpoint(socket, null), export)) {
            assertThat(service.uri()).isEqualTo("nbd+unix:///disk?socket=" + socket);
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aFreePortIsChosenAndNamed() throws Exception {
        try (NbdService service = NbdService.listen(transport, tcp("127.0.0.1:0"), export)) {
            assertThat(service.uri()).matches("nbd://127\\.0\\.0\\.1:[1-9][0-9]*/disk");
        }
    }

    @Test
    void aPortInUseIsBusy() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            assertFails(tcp(address), ExitCode.BUSY, "cannot listen on " + address + ": it is in use");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsRefused() {
        assertFails(tcp("192.0.2.1:0"), ExitCode.FAILURE, "this machine has no such address");
    }

    private static NbdEndpoint tcp(String address) {
        return new NbdEndpoint(null, HostPort.parse(address, HostPort.NBD_PORT));
    }

    private void assertFails(NbdEndpoint endpoint, ExitCode exitCode, String reason) {
        assertThatThrownBy(() -> NbdService.listen(transport, endpoint, export))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
                .hasMessageContaining(reason);
    }
}
