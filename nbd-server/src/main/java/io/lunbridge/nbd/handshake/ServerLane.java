package io.lunbridge.nbd.handshake;

import io.lunbridge.block.GatedBlockDevice;
import io.lunbridge.block.ModificationGate;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.transmission.NbdConnection;
import io.lunbridge.nbd.transmission.Negotiated;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of a server that live on one of its loops, to which all of this is confined. */
final class ServerLane {

    /** Connections of a whole server at a time, in either phase. A further one is closed as soon as it is accepted. */
    static final int CONNECTIONS_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(ServerLane.class);

    private final EventLoop loop;
    private final ExportCatalog catalog;
    private final @Nullable ModificationGate gate;
    private final AtomicInteger clientsOfAllLanes;
    private final Set<Channel> clients = new LinkedHashSet<>();
    private final Set<NbdConnection> connections = new LinkedHashSet<>();
    private boolean shuttingDown;

    ServerLane(
            EventLoop loop, ExportCatalog catalog, @Nullable ModificationGate gate, AtomicInteger clientsOfAllLanes) {
        this.loop = loop;
        this.catalog = catalog;
        this.gate = gate;
        this.clientsOfAllLanes = clientsOfAllLanes;
    }

    void accept(Channel client) {
        boolean tooMany = clientsOfAllLanes.incrementAndGet() > CONNECTIONS_MAX;
        client.closeFuture().addListener(done -> clientsOfAllLanes.decrementAndGet());
        if (shuttingDown || tooMany) {
            LOG.warn("connection refused: {}", shuttingDown ? "shutting down" : "too many connections");
            closeNow(client);
            return;
        }
        clients.add(client);
        client.closeFuture().addListener(done -> clients.remove(client));
        if (client instanceof SocketChannel) {
            client.config().setOption(ChannelOption.TCP_NODELAY, true);
            client.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        NbdConnection.configure(client);
        Negotiation negotiation = new Negotiation(catalog, () -> shuttingDown);
        client.pipeline().addLast(new HandshakeHandler(negotiation, this::beginTransmission));
    }

    @SuppressWarnings("ReferenceEquality") // a loop is itself
    private void beginTransmission(ChannelHandlerContext handshake, Negotiation agreed) {
        Channel client = handshake.channel();
        Export export = agreed.outcome().export();
        if (export.device().eventLoop() != client.eventLoop()) {
            LOG.error("export '{}' is on another event loop than the server", export.name());
            closeNow(client);
            return;
        }
        NbdConnection connection =
                gate == null ? new NbdConnection(client, agreed.outcome()) : gated(client, agreed.outcome(), gate);
        connections.add(connection);
        connection.terminated().addListener(done -> connections.remove(connection));
        handshake.pipeline().replace(handshake.handler(), null, connection);
        if (shuttingDown) {
            connection.shutDown();
        }
    }

    /**
     * A client whose connection has died may send what was not answered again, on a connection of another lane, and go on
     * from there: what it has left behind here must not be executed after that.
     */
    private static NbdConnection gated(Channel client, Negotiated agreed, ModificationGate gate) {
        GatedBlockDevice device = new GatedBlockDevice(agreed.export().device(), gate);
        NbdConnection connection = new NbdConnection(client, agreed.on(device));
        client.closeFuture().addListener(closed -> {
            gate.hold();
            device.abandon();
            connection.terminated().addListener(ended -> gate.release());
        });
        return connection;
    }

    /** Drains and flushes. May be called from any thread. */
    Future<Void> close(long drainMillis) {
        Promise<Void> closed = loop.newPromise();
        loop.execute(() -> {
            shuttingDown = true;
            new ServerDrain(loop, catalog, closed).start(Set.copyOf(connections), this::closeClients, drainMillis);
        });
        return closed;
    }

    private void closeClients() {
        Set.copyOf(clients).forEach(ServerLane::closeNow);
    }

    static void closeNow(Channel channel) {
        ChannelFuture unused = channel.close();
    }
}
