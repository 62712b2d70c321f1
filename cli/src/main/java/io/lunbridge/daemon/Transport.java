package io.lunbridge.daemon;

import io.lunbridge.nbd.handshake.ServerTransport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one event loop and the socket classes that fit it: epoll where its native library loads, else the JDK's NIO.
 * Nothing else in the process knows which.
 */
public final class Transport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
    private static final long MAX_CLOSE_MILLIS = 2000;

    private final boolean epoll;
    private final MultiThreadIoEventLoopGroup group;

    private Transport(boolean epoll) {
        this.epoll = epoll;
        this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("lunbridge-loop", true), ioHandlers());
    }

    /** Starts the loop's thread. {@code -Dlunbridge.transport=nio} leaves epoll out. */
    public static Transport open() {
        boolean epoll = !"nio".equals(System.getProperty("lunbridge.transport")) && Epoll.isAvailable();
        LOG.info("transport: {}", epoll ? "epoll" : "NIO");
        return new Transport(epoll);
    }

    public EventLoop eventLoop() {
        return group.next();
    }

    /** Whether channels can be made of file descriptors, as the kernel's device needs. */
    public boolean isEpoll() {
        return epoll;
    }

    /** For a loop besides this one that takes the same channels. */
    IoHandlerFactory ioHandlers() {
        return epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /** For the NBD server. */
    ServerTransport serverTransport() {
        return epoll
                ? new ServerTransport(
                        eventLoop(),
                        EpollServerDomainSocketChannel::new,
                        path -> new DomainSocketAddress(path.toString()),
                        EpollServerSocketChannel::new)
                : new ServerTransport(
                        eventLoop(),
                        NioServerDomainSocketChannel::new,
                        UnixDomainSocketAddress::of,
                        NioServerSocketChannel::new);
    }

    /** For a session with a target. */
    public Class<? extends Channel> tcpChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** For the embedded target. */
    EventLoopGroup group() {
        return group;
    }

    Class<? extends ServerChannel> tcpServer() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Ends the thread; what is still open on the loop is closed. Bounded. */
    @Override
    public void close() {
        group.shutdownGracefully(0, MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
