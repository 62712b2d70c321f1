package io.lunbridge.nbd.interop;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.handshake.NbdServer;
import io.lunbridge.nbd.handshake.ServerTransport;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A real server on a loop of its own, for clients that are not ours. */
public final class ServerFixture implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 20_000;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final ExportCatalog catalog = new ExportCatalog();
    private final NbdServer server;

    private ServerFixture(MultiThreadIoEventLoopGroup group, boolean epoll) {
        this.group = group;
        this.loop = group.next();
        this.server = new NbdServer(epoll ? epoll(loop) : nio(loop), catalog);
    }

    public static ServerFixture onEpoll() {
        return new ServerFixture(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()), true);
    }

    public static ServerFixture onNio() {
        return new ServerFixture(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()), false);
    }

    public <D extends BlockDevice> D export(String name, Function<EventLoop, D> device) {
        D made = device.apply(loop);
        catalog.add(new Export(name, "test disk " + name, made));
        return made;
    }

    public ExportCatalog catalog() {
        return catalog;
    }

    public NbdServer server() {
        return server;
    }

    public EventLoop loop() {
        return loop;
    }

    public Path listenUnix(Path path) throws IOException {
        server.listenUnix(path);
        return path;
    }

    public InetSocketAddress listenTcp() throws IOException {
        return server.listenTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Override
    public void close() {
        if (group.isShutdown()) {
            return;
        }
        if (!server.close(PATIENCE_MILLIS).awaitUninterruptibly(PATIENCE_MILLIS)) {
            throw new AssertionError("server does not close");
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(PATIENCE_MILLIS);
    }

    private static ServerTransport epoll(EventLoop loop) {
        return new ServerTransport(
                loop,
                EpollServerDomainSocketChannel::new,
                path -> new DomainSocketAddress(path.toFile()),
                EpollServerSocketChannel::new);
    }

    private static ServerTransport nio(EventLoop loop) {
        return new ServerTransport(
                loop, NioServerDomainSocketChannel::new, UnixDomainSocketAddress::of, NioServerSocketChannel::new);
    }
}
