package io.lunbridge.nbd.handshake;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.transmission.NbdConnection;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a catalogue of exports on any number of Unix and TCP sockets, all on one event loop: the exports' devices have
 * to live there, and a client that asks for another is dropped.
 */
public final class NbdServer {

    /** Connections at a time, in either phase. A further one is closed as soon as it is accepted. */
    static final int CONNECTIONS_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);

    private final ServerTransport transport;
    private final ExportCatalog catalog;
    private final Promise<Void> closed;

    // Confined to the loop.
    private final List<Channel> listeners = new ArrayList<>();
    private final Set<Channel> clients = new LinkedHashSet<>();
    private final Set<NbdConnection> connections = new LinkedHashSet<>();
    private boolean shuttingDown;

    public NbdServer(ServerTransport transport, ExportCatalog catalog) {
        this.transport = transport;
        this.catalog = catalog;
        this.closed = transport.loop().newPromise();
    }

    /**
     * Listens on a Unix socket that only this user can connect to. The file goes when the server closes. Blocks, so not
     * for the event loop.
     *
     * @throws IOException with a message for people: the path is taken, too long, or not ours to write
     */
    public void listenUnix(Path path) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(path);
        try {
            Channel listener =
                    bind(transport.unixChannels(), transport.unixAddress().apply(file.bindPath()), path.toString());
            listener.closeFuture().addListener(done -> removeQuietly(file));
            file.publish();
        } catch (IOException e) {
            removeQuietly(file);
            throw e;
        }
    }

    /**
     * Listens on TCP. Blocks, so not for the event loop.
     *
     * @return the address with the port that the kernel chose if {@code address} has none
     * @throws IOException with a message for people
     */
    public InetSocketAddress listenTcp(InetSocketAddress address) throws IOException {
        Channel listener = bind(transport.tcpChannels(), address, address.toString());
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Accepts nobody any more, tells clients in the handshake and new requests that it shuts down, lets requests in
     * flight end, then flushes the devices. What is left after the limit is cut off. The devices stay open; closing
     * them is their owner's.
     *
     * @param drainMillis the limit for requests and flushes together
     * @return done when no connection is left and the devices are flushed; fails if a flush failed or the limit came
     *     before it
     */
    public Future<Void> close(long drainMillis) {
        transport.loop().execute(() -> {
            if (!shuttingDown) {
                shuttingDown = true;
                listeners.forEach(NbdServer::closeNow);
                new ServerDrain(transport.loop(), catalog, closed)
                        .start(Set.copyOf(connections), this::closeClients, drainMillis);
            }
        });
        return closed;
    }

    private Channel bind(ChannelFactory<? extends ServerChannel> channels, SocketAddress address, String name)
            throws IOException {
        EventLoop loop = transport.loop();
        if (loop.inEventLoop()) {
            throw new IllegalStateException("blocks, so not for the event loop");
        }
        ChannelFuture bound = new ServerBootstrap()
                .group(loop, loop)
                .channelFactory(channels)
                .childHandler(new Acceptor())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + name + ": " + bound.cause().getMessage(), bound.cause());
        }
        loop.execute(() -> {
            listeners.add(bound.channel());
            if (shuttingDown) {
                closeNow(bound.channel());
            }
        });
        return bound.channel();
    }

    private void accept(Channel client) {
        if (shuttingDown || clients.size() >= CONNECTIONS_MAX) {
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
        Export export = agreed.outcome().export();
        if (export.device().eventLoop() != handshake.channel().eventLoop()) {
            LOG.error("export '{}' is on another event loop than the server", export.name());
            closeNow(handshake.channel());
            return;
        }
        NbdConnection connection = new NbdConnection(handshake.channel(), agreed.outcome());
        connections.add(connection);
        connection.terminated().addListener(done -> connections.remove(connection));
        handshake.pipeline().replace(handshake.handler(), null, connection);
        if (shuttingDown) {
            connection.shutDown();
        }
    }

    private void closeClients() {
        Set.copyOf(clients).forEach(NbdServer::closeNow);
    }

    private static void closeNow(Channel channel) {
        ChannelFuture unused = channel.close();
    }

    private static void removeQuietly(UnixSocketFile file) {
        try {
            file.remove();
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", file.path(), e.toString());
        }
    }

    /** Sets up each accepted connection. */
    private final class Acceptor extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel client) {
            accept(client);
        }
    }
}
