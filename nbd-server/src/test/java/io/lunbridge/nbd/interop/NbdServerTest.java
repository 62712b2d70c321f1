package io.lunbridge.nbd.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.nbd.client.NbdClient;
import io.lunbridge.nbd.wire.Bytes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listening: socket files, TCP, both transports, several exports. */
class NbdServerTest {

    private static final long SIZE = 1 << 20;

    @TempDir
    private Path directory;

    private Path socket;
    private ServerFixture fixture = ServerFixture.onEpoll();

    @BeforeEach
    void export() {
        socket = directory.resolve("nbd.sock");
        fixture.export("disk", loop -> MemoryBlockDevice.of(loop, SIZE));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void socketIsOursAloneAndGoesWithTheServer() throws IOException {
        fixture.listenUnix(socket);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(entries()).containsExactly(socket);
        readAndWrite(UnixDomainSocketAddress.of(socket), "disk");
        fixture.close();
        assertThat(entries()).isEmpty();
    }

    @Test
    void deadServersSocketIsReplaced() throws IOException {
        leaveDeadSocket();
        fixture.listenUnix(socket);
        readAndWrite(UnixDomainSocketAddress.of(socket), "disk");
    }

    @Test
    void liveServersSocketIsLeftAlone() throws IOException {
        fixture.listenUnix(socket);
        try (ServerFixture second = ServerFixture.onEpoll()) {
            assertThatIOException()
                    .isThrownBy(() -> second.listenUnix(socket))
                    .withMessageContaining("another server is listening there");
        }
        readAndWrite(UnixDomainSocketAddress.of(socket), "disk");
    }

    @Test
    void otherFilesAreLeftAlone() throws IOException {
        Files.writeString(socket, "precious");
        assertThatIOException()
                .isThrownBy(() -> fixture.listenUnix(socket))
                .withMessageContaining("exists and is not a socket");
        assertThat(socket).hasContent("precious");
        Path link = Files.createSymbolicLink(directory.resolve("link"), socket);
        assertThatIOException().isThrownBy(() -> fixture.listenUnix(link)).withMessageContaining("is not a socket");
        assertThatIOException()
                .isThrownBy(() -> fixture.listenUnix(directory.resolve("no/such")))
                .withMessageContaining("directory does not exist");
    }

    @Test
    void tooLongPathLeavesNothing() {
        assertThatIOException()
                .isThrownBy(() -> fixture.listenUnix(directory.resolve("x".repeat(110))))
                .withMessageContaining("too long");
        assertThat(entries()).isEmpty();
    }

    @Test
    void socketThatAnotherServerHasPutThereIsNotRemoved() throws IOException {
        fixture.listenUnix(socket);
        Files.delete(socket);
        try (ServerFixture successor = ServerFixture.onEpoll()) {
            successor.export("disk", loop -> MemoryBlockDevice.of(loop, SIZE));
            successor.listenUnix(socket);
            fixture.close();
            readAndWrite(UnixDomainSocketAddress.of(socket), "disk");
        }
    }

    @Test
    void tcpWorksAndTakenPortsAreToldPlainly() throws IOException {
        InetSocketAddress address = fixture.listenTcp();
        assertThat(address.getAddress().isLoopbackAddress()).isTrue();
        readAndWrite(address, "disk");
        assertThatIOException()
                .isThrownBy(() -> fixture.server().listenTcp(address))
                .withMessageContaining("cannot listen on")
                .withMessageContaining(Integer.toString(address.getPort()));
        fixture.close();
        assertThatIOException()
                .isThrownBy(() -> NbdClient.connect(address, "", 5000))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void nioDoesTheSame() throws IOException {
        try (ServerFixture nio = ServerFixture.onNio()) {
            nio.export("disk", loop -> MemoryBlockDevice.of(loop, SIZE));
            readAndWrite(UnixDomainSocketAddress.of(nio.listenUnix(socket)), "disk");
            readAndWrite(nio.listenTcp(), "disk");
        }
        assertThat(entries()).isEmpty();
    }

    @Test
    void exportsAreToldApartByName() throws IOException {
        MemoryBlockDevice other = fixture.export("other", loop -> MemoryBlockDevice.of(loop, 2 * SIZE));
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(fixture.listenUnix(socket));
        try (NbdClient disk = NbdClient.connect(address, "disk", 5000);
                NbdClient second = NbdClient.connect(address, "other", 5000);
                NbdClient byDefault = NbdClient.connect(address, "", 5000)) {
            assertThat(second.sizeBytes()).isEqualTo(2 * SIZE);
            byDefault.write(0, ByteBuffer.wrap(Bytes.pattern(512, 1)));
            second.write(0, ByteBuffer.wrap(Bytes.pattern(512, 2)));
            ByteBuffer back = ByteBuffer.allocate(512);
            disk.read(0, back);
            assertThat(back.array()).isEqualTo(Bytes.pattern(512, 1));
        }
        fixture.catalog().remove("other");
        assertThatIOException()
                .isThrownBy(() -> NbdClient.connect(address, "other", 5000))
                .withMessage("the NBD server refuses export 'other': no export of that name");
        assertThat(other.isClosed()).isFalse();
    }

    @Test
    void deviceOfAnotherLoopIsNotServed() throws IOException {
        try (ServerFixture elsewhere = ServerFixture.onEpoll()) {
            fixture.catalog().remove("disk");
            MemoryBlockDevice foreign = MemoryBlockDevice.of(elsewhere.loop(), SIZE);
            fixture.export("disk", loop -> foreign);
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(fixture.listenUnix(socket));
            assertThatIOException().isThrownBy(() -> {
                try (NbdClient client = NbdClient.connect(address, "disk", 5000)) {
                    client.flush();
                }
            });
        }
    }

    private void leaveDeadSocket() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();
    }

    private List<Path> entries() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void readAndWrite(java.net.SocketAddress address, String export) throws IOException {
        byte[] data = Bytes.pattern(300_032, 4);
        try (NbdClient client = NbdClient.connect(address, export, 5000)) {
            assertThat(client.sizeBytes()).isEqualTo(SIZE);
            client.write(512, ByteBuffer.wrap(data));
            client.flush();
            ByteBuffer back = ByteBuffer.allocate(data.length);
            client.read(512, back);
            assertThat(back.hasRemaining()).isFalse();
            assertThat(back.array()).isEqualTo(data);
        }
    }
}
