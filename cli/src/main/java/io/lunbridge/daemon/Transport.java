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
import io.netty.util.concurrent.Ticker;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop, or one for each lane, and the socket classes that fit: epoll where its native library loads, else the
 * JDK's NIO. Nothing else in the process knows which.
 */
public final class Transport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
    private static final long MAX_CLOSE_MILLIS = 2000;

    private final boolean epoll;
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;

    private Transport(boolean epoll, MultiThreadIoEventLoopGroup group, EventLoop loop) {
        this.epoll = epoll;
        this.group = group;
        this.loop = loop;
    }

    /** Of one loop. */
    public static Transport open() {
        return open(1, 0);
    }

    /**
     * Starts the loops' threads. {@code -Dlunbridge.transport=nio} leaves epoll out.
     *
     * @param busyPollMicros how long a loop looks for events before it sleeps, 0 for not at all; epoll's loops only
     */
    public static Transport open(int loops, int busyPollMicros) {
        boolean epoll = !"nio".equals(System.getProperty("lunbridge.transport")) && Epoll.isAvailable();
        LOG.info("transport: {}", epoll ? "epoll" : "NIO");
        ThreadFactory threads = new DefaultThreadFactory("lunbridge-loop", true);
        IoHandlerFactory handlers = ioHandlers(epoll, busyPollMicros);
        MultiThreadIoEventLoopGroup group = epoll
                ? new TurnLoops(loops, threads, handlers)
                : new MultiThreadIoEventLoopGroup(loops, threads, handlers);
        return new Transport(epoll, group, group.next());
    }

    /** This transport on each of its loops, the own one first. Only the one that was opened is closed. */
    List<Transport> lanes() {
        List<Transport> lanes = new ArrayList<>(List.of(this));
        group.forEach(each -> {
            if (!each.equals(loop)) {
                lanes.add(new Transport(epoll, group, (EventLoop) each));
            }
        });
        return lanes;
    }

    /** The loop, or the first of several. */
    public EventLoop eventLoop() {
        return loop;
    }

    /** Whether channels can be made of file descriptors, as the kernel's device needs. */
    public boolean isEpoll() {
        return epoll;
    }

    /** For a loop besides this one that takes the same channels. */
    IoHandlerFactory ioHandlers() {
        return ioHandlers(epoll, 0);
    }

    private static IoHandlerFactory ioHandlers(boolean epoll, int busyPollMicros) {
        if (!epoll) {
            return NioIoHandler.newFactory();
        }
        if (busyPollMicros == 0) {
            return EpollIoHandler.newFactory();
        }
        BusyPoll poll = new BusyPoll(TimeUnit.MICROSECONDS.toNanos(busyPollMicros), Ticker.systemTicker());
        return EpollIoHandler.newFactory(0, () -> poll);
    }

    /** For the NBD server. */
    ServerTransport serverTransport() {
        return epoll
                ? new ServerTransport(
                        loop,
                        group,
                        EpollServerDomainSocketChannel::new,
                        path -> new DomainSocketAddress(path.toString()),
                        EpollServerSocketChannel::new)
                : new ServerTransport(
                        loop,
                        group,
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
