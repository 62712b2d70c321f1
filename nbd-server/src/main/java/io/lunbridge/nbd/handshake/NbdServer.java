package io.lunbridge.nbd.handshake;

import io.lunbridge.block.ModificationGate;
import io.lunbridge.nbd.export.ExportCatalog;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves exports on any number of Unix and TCP sockets. One loop accepts; each connection then lives on the next of the
 * lanes' loops, and is offered what that lane's catalogue holds. The devices have to live on their lane's loop: a client
 * that asks for another is dropped.
 */
public final class NbdServer {

    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);

    private final ServerTransport transport;
    private final Map<EventLoop, ServerLane> lanes = new LinkedHashMap<>();
    private final Promise<Void> closed;

    // Confined to the loop that accepts.
    private final List<Channel> listeners = new ArrayList<>();
    private boolean shuttingDown;
    private int openLanes;
    private @Nullable Throwable failure;

    /** Of one loop. */
    public NbdServer(ServerTransport transport, ExportCatalog catalog) {
        this(transport, Map.of(transport.loop(), catalog), null);
    }

    /**
     * A server of several lanes.
     *
     * @param catalogs of each loop of {@link ServerTransport#clients()}: the same names, each leading to that lane's device
     * @param gate told of connections that end with requests under way, and asked before each change of the medium; null
     *     where one lane sees all requests
     */
    public NbdServer(
            ServerTransport transport, Map<EventLoop, ExportCatalog> catalogs, @Nullable ModificationGate gate) {
        this.transport = transport;
        this.closed = transport.loop().newPromise();
        AtomicInteger clients = new AtomicInteger();
        catalogs.forEach((loop, catalog) -> lanes.put(loop, new ServerLane(loop, catalog, gate, clients)));
        openLanes = lanes.size();
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
                listeners.forEach(ServerLane::closeNow);
                lanes.values().forEach(lane -> lane.close(drainMillis).addListener(this::laneClosed));
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
                .group(loop, transport.clients())
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
                ServerLane.closeNow(bound.channel());
            }
        });
        return bound.channel();
    }

    private void laneClosed(Future<? super Void> ended) {
        transport.loop().execute(() -> {
            failure = failure == null ? ended.cause() : failure;
            if (--openLanes > 0) {
                return;
            }
            if (failure == null) {
                closed.trySuccess(null);
            } else {
                closed.tryFailure(failure);
            }
        });
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
            ServerLane lane = lanes.get(client.eventLoop());
            if (lane == null) {
                throw new IllegalStateException("no lane of this server is on the loop of " + client);
            }
            lane.accept(client);
        }
    }
}
