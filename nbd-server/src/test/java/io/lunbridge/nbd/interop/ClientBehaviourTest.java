package io.lunbridge.nbd.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.client.NbdClient;
import io.lunbridge.nbd.client.NbdErrorException;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Requests;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are slow, rude, dead or too many, on real sockets; and the server's way down. */
class ClientBehaviourTest {

    private static final int SIZE = 64 << 20;

    @TempDir
    private Path directory;

    private final ServerFixture fixture = ServerFixture.onEpoll();
    private Path socket;
    private DelayedBlockDevice slow;

    @BeforeEach
    void serve() throws IOException {
        fixture.export("disk", loop -> new MemoryBlockDevice(loop, TestGeometry.of(SIZE, 1, 32 << 20)));
        slow = fixture.export(
                "slow",
                loop -> new DelayedBlockDevice(new MemoryBlockDevice(loop, TestGeometry.of(SIZE, 1, 32 << 20)), 3));
        socket = fixture.listenUnix(directory.resolve("nbd.sock"));
    }

    @AfterEach
    void stop() throws Exception {
        Future<Void> closed = fixture.server().close(10_000);
        Waiting.until("server to close", () -> {
            onLoop(slow::releaseAll);
            return closed.isDone();
        });
        fixture.close();
    }

    @Test
    void slowReaderGetsEverything() throws IOException {
        byte[] data = Bytes.pattern(8 << 20, 11);
        try (RawSocket raw = RawSocket.inTransmission(socket, "disk")) {
            raw.send(Requests.write(1, 0, data));
            raw.receive(16);
            for (int cookie = 2; cookie < 10; cookie++) {
                raw.send(Requests.read(cookie, 0, data.length));
            }
            for (int cookie = 2; cookie < 10; cookie++) {
                assertThat(raw.receive(16))
                        .isEqualTo(
                                new Bytes().u32(0x67446698).u32(0).u64(cookie).toArray());
                assertThat(raw.receive(data.length)).isEqualTo(data);
            }
            raw.send(Requests.disc());
            assertThat(raw.isAtEnd()).isTrue();
        }
    }

    @Test
    void readerThatNeverReadsStopsBeingRead() throws Exception {
        try (RawSocket raw = RawSocket.inTransmission(socket, "disk")) {
            byte[] reads = Requests.read(1, 0, 1 << 20);
            for (int i = 0; i < 16; i++) {
                reads = Bytes.join(reads, reads);
                if (reads.length > 1 << 20) {
                    break;
                }
            }
            byte[] batch = reads;
            long[] taken = {0};
            int[] refusals = {0};
            Waiting.until("the socket to be full", () -> {
                int now = raw.sendWithoutBlocking(batch);
                taken[0] += now;
                refusals[0] = now == 0 ? refusals[0] + 1 : 0;
                return refusals[0] > 50;
            });
            assertThat(taken[0]).isLessThan(4 << 20);
        }
    }

    @Test
    void halfClosedSocketIsClosed() throws Exception {
        try (RawSocket raw = RawSocket.inTransmission(socket, "disk")) {
            raw.shutDownOutput();
            assertThat(raw.isAtEnd()).isTrue();
        }
        try (RawSocket raw = RawSocket.connect(socket)) {
            raw.receive(18);
            raw.shutDownOutput();
            assertThat(raw.isAtEnd()).isTrue();
        }
        waitForNoConnections();
    }

    @Test
    void clientThatDiesWithRequestsInFlightIsAwaited() throws Exception {
        try (RawSocket raw = RawSocket.inTransmission(socket, "slow")) {
            for (int i = 0; i < 20; i++) {
                raw.send(Requests.write(i, 4096L * i, Bytes.pattern(4096, i)), Requests.read(100 + i, 0, 100_000));
            }
            raw.send(Requests.request(0, 1, 999, 0, 1 << 20), new byte[1000]);
            Waiting.until("requests to arrive", () -> slow.held() == 40);
        }
        Future<Void> closed = fixture.server().close(10_000);
        onLoop(slow::releaseOne);
        assertThat(closed.isDone()).isFalse();
        onLoop(slow::releaseAll);
        Waiting.until("flush", () -> slow.held() == 1);
        onLoop(slow::releaseAll);
        assertThat(closed.await(10_000)).isTrue();
        assertThat(closed.isSuccess()).isTrue();
    }

    @Test
    void hundredsOfConnectionsAreRefusedBeyondTheLimitAndServedAgainLater() throws Exception {
        List<RawSocket> crowd = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            crowd.add(RawSocket.connect(socket));
        }
        for (RawSocket each : crowd) {
            each.receive(18);
        }
        try (RawSocket excess = RawSocket.connect(socket)) {
            assertThat(excess.isAtEnd()).isTrue();
        }
        for (RawSocket each : crowd) {
            each.close();
        }
        waitForNoConnections();
    }

    @Test
    void shutDownAnswersWhatIsInFlightAndRefusesTheRest() throws Exception {
        try (RawSocket raw = RawSocket.inTransmission(socket, "slow");
                RawSocket haggler = RawSocket.connect(socket)) {
            haggler.receive(18);
            raw.send(Requests.write(1, 0, Bytes.pattern(4096, 1)));
            Waiting.until("the request to arrive", () -> slow.held() == 1);
            Future<Void> closed = fixture.server().close(10_000);
            onLoop(() -> {}); // what comes now comes after the close
            raw.send(Requests.flush(2));
            assertThat(raw.receive(16))
                    .isEqualTo(new Bytes().u32(0x67446698).u32(108).u64(2).toArray());
            onLoop(slow::releaseAll);
            assertThat(raw.receive(16))
                    .isEqualTo(new Bytes().u32(0x67446698).u32(0).u64(1).toArray());
            assertThat(raw.isAtEnd()).isTrue();
            assertThat(haggler.isAtEnd()).isTrue();
            Waiting.until("the last flush", () -> slow.held() == 1);
            assertThat(closed.isDone()).isFalse();
            onLoop(slow::releaseAll);
            assertThat(closed.await(10_000)).isTrue();
            assertThat(closed.isSuccess()).isTrue();
        }
    }

    @Test
    void shutDownEndsAtItsLimit() throws Exception {
        try (RawSocket raw = RawSocket.inTransmission(socket, "slow")) {
            raw.send(Requests.write(1, 0, Bytes.pattern(4096, 1)));
            Waiting.until("the request to arrive", () -> slow.held() == 1);
            Future<Void> closed = fixture.server().close(50);
            assertThat(raw.isAtEnd()).isTrue();
            assertThat(closed.await(10_000)).isTrue();
            assertThat(closed.cause()).hasMessageContaining("within 50 ms");
        }
        onLoop(slow::releaseAll);
    }

    @Test
    void builtInClientTellsErrorsAndGoesOn() throws IOException {
        try (NbdClient client = NbdClient.connect(UnixDomainSocketAddress.of(socket), "disk", 5000)) {
            assertThatExceptionOfType(NbdErrorException.class)
                    .isThrownBy(() -> client.write(SIZE, ByteBuffer.allocate(1)))
                    .satisfies(error -> assertThat(error.number()).isEqualTo(28))
                    .withMessageContaining("refused: ENOSPC");
            assertThatExceptionOfType(NbdErrorException.class)
                    .isThrownBy(() -> client.read(SIZE, ByteBuffer.allocate(1)))
                    .satisfies(error -> assertThat(error.number()).isEqualTo(22));
            client.flush();
        }
    }

    @Test
    void builtInClientGivesUpOnASilentServer() throws IOException {
        NbdClient client = NbdClient.connect(UnixDomainSocketAddress.of(socket), "slow", 100);
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(client::flush);
        client.close();
    }

    @Test
    void builtInClientSeesTheServersEnd() throws Exception {
        NbdClient client = NbdClient.connect(UnixDomainSocketAddress.of(socket), "disk", 5000);
        Future<Void> closed = fixture.server().close(10_000);
        Waiting.until("flush at the end", () -> {
            onLoop(slow::releaseAll);
            return closed.isDone();
        });
        assertThatExceptionOfType(IOException.class).isThrownBy(client::flush).isNotInstanceOf(NbdErrorException.class);
        assertThatExceptionOfType(IOException.class).isThrownBy(client::close);
    }

    private void waitForNoConnections() throws Exception {
        List<RawSocket> all = new ArrayList<>();
        try {
            Waiting.until("all connections to be free again", () -> {
                while (all.size() < 256) {
                    RawSocket next = RawSocket.connect(socket);
                    try {
                        next.receive(18);
                        all.add(next);
                    } catch (IOException e) {
                        next.close();
                        return false;
                    }
                }
                return true;
            });
        } finally {
            for (RawSocket each : all) {
                each.close();
            }
        }
    }

    private void onLoop(Runnable task) {
        fixture.loop().submit(task).awaitUninterruptibly(10_000);
    }
}
