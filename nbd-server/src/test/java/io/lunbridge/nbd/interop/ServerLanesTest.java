package io.lunbridge.nbd.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.ModificationGate;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.handshake.NbdServer;
import io.lunbridge.nbd.handshake.ServerTransport;
import io.lunbridge.nbd.wire.Requests;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of two lanes, whose devices answer when they are told to. */
class ServerLanesTest {

    private static final int LANES = 2;
    private static final int BLOCK = 512;
    private static final long PATIENCE_MILLIS = 20_000;

    @TempDir
    private Path directory;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(LANES, NioIoHandler.newFactory());
    private final List<DelayedBlockDevice> devices = new ArrayList<>();
    private final ModificationGate gate = new ModificationGate();
    private NbdServer server;
    private Path socket;

    @BeforeEach
    void listen() throws Exception {
        Map<EventLoop, ExportCatalog> catalogs = new LinkedHashMap<>();
        group.forEach(each -> {
            EventLoop loop = (EventLoop) each;
            DelayedBlockDevice device = new DelayedBlockDevice(MemoryBlockDevice.of(loop, 1 << 20), 1);
            devices.add(device);
            catalogs.put(loop, new ExportCatalog(new Export("disk", "", device)));
        });
        ServerTransport transport = new ServerTransport(
                group.next(),
                group,
                NioServerDomainSocketChannel::new,
                UnixDomainSocketAddress::of,
                NioServerSocketChannel::new);
        server = new NbdServer(transport, catalogs, gate);
        socket = directory.resolve("nbd.sock");
        server.listenUnix(socket);
    }

    @AfterEach
    void stop() throws Exception {
        var closed = server.close(PATIENCE_MILLIS);
        Waiting.until("closed", () -> {
            releaseAll();
            return closed.isDone();
        });
        assertThat(closed.isSuccess()).as(String.valueOf(closed.cause())).isTrue();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(PATIENCE_MILLIS);
    }

    @Test
    void connectionsAreSpreadOverTheLanes() throws Exception {
        List<RawSocket> clients = new ArrayList<>();
        for (int i = 0; i < 2 * LANES; i++) {
            RawSocket client = RawSocket.inTransmission(socket, "disk");
            clients.add(client);
            client.send(Requests.read(i, 0, BLOCK));
        }
        for (DelayedBlockDevice device : devices) {
            Waiting.until("two clients on each lane", () -> held(device) == 2);
        }
        for (RawSocket client : clients) {
            client.close();
        }
    }

    @Test
    void whatADeadConnectionHasLeftBehindGoesBeforeAllChangesOnOtherLanes() throws Exception {
        RawSocket dying = RawSocket.inTransmission(socket, "disk");
        try (RawSocket other = RawSocket.inTransmission(socket, "disk")) {
            dieWithAWriteUnderWay(dying);
            other.send(Requests.write(2, 0, new byte[BLOCK]));
            other.send(Requests.read(3, 0, BLOCK));
            Waiting.until("the read behind the second write is under way", () -> heldInAll() == 2);
            assertThat(gate.isOpen()).isFalse();

            releaseAll();
            Waiting.until("the first write has ended", gate::isOpen);
            Waiting.until("the second write is under way", () -> heldInAll() == 1);
        }
    }

    @Test
    void whatWaitsOfAConnectionThatDiesTooIsDropped() throws Exception {
        RawSocket dying = RawSocket.inTransmission(socket, "disk");
        RawSocket waiting = RawSocket.inTransmission(socket, "disk");
        dieWithAWriteUnderWay(dying);
        waiting.send(Requests.write(2, 0, new byte[BLOCK]));
        waiting.send(Requests.read(3, 0, BLOCK));
        Waiting.until("the read behind the second write is under way", () -> heldInAll() == 2);
        waiting.close();

        Waiting.until("nobody holds the gate", () -> {
            releaseAll();
            return gate.isOpen();
        });
        assertThat(heldInAll()).isZero();
    }

    private void dieWithAWriteUnderWay(RawSocket client) throws Exception {
        client.send(Requests.write(1, 0, new byte[BLOCK]));
        Waiting.until("the write is under way", () -> heldInAll() == 1);
        client.close();
        Waiting.until("its end was noticed", () -> !gate.isOpen());
    }

    private int heldInAll() throws Exception {
        int held = 0;
        for (DelayedBlockDevice device : devices) {
            held += held(device);
        }
        return held;
    }

    private static int held(DelayedBlockDevice device) throws Exception {
        return device.eventLoop().submit(device::held).get();
    }

    private void releaseAll() throws Exception {
        for (DelayedBlockDevice device : devices) {
            device.eventLoop().submit(device::releaseAll).get();
        }
    }
}
