package io.lunbridge.daemon;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("lunbridge-loop", true), handlers);
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

    Class<? extends DuplexChannel> socketChannel(SocketAddress address) {
        if (address instanceof InetSocketAddress) {
            return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        }
        return epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }

    Class<? extends ServerChannel> serverChannel(SocketAddress address) {
        if (address instanceof InetSocketAddress) {
            return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        }
        return epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }

    SocketAddress unixAddress(String path) {
        return epoll ? new DomainSocketAddress(path) : UnixDomainSocketAddress.of(path);
    }

    /** Ends the thread; what is still open on the loop is closed. Bounded. */
    @Override
    public void close() {
        group.shutdownGracefully(0, MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
