package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An iSCSI target whose disks are memory that is allocated as it is written. What was written is gone when it is closed.
 *
 * <p>All of it runs on one event loop of the group that it is given; the group stays the caller's.
 */
public final class RamTarget {

    private static final int MAX_CONNECTIONS = 256;
    private static final int RECEIVE_BYTES = 64 * 1024;
    private static final int MAX_TSIH = 0xffff;

    private final RamTargetOptions options;
    private final EventLoop loop;
    private final DiskCommands commands;
    private final Set<TargetConnection> connections = new LinkedHashSet<>();
    private final Channel server;
    private int lastTsih;

    private RamTarget(
            EventLoop loop,
            Class<? extends ServerChannel> channelType,
            InetSocketAddress address,
            RamTargetOptions options)
            throws IOException {
        this.options = options;
        this.loop = loop;
        commands = new DiskCommands(disks(options));
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(channelType)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        server = bound.channel();
    }

    /**
     * Listens. Waits until it does, so not to be called on an event loop.
     *
     * @param channelType a server channel that fits the group
     * @param address port 0 lets the system choose
     * @throws IOException if the address cannot be bound
     */
    public static RamTarget start(
            EventLoopGroup group,
            Class<? extends ServerChannel> channelType,
            InetSocketAddress address,
            RamTargetOptions options)
            throws IOException {
        return new RamTarget(group.next(), channelType, address, options);
    }

    private static List<RamDisk> disks(RamTargetOptions options) {
        List<RamDisk> disks = new ArrayList<>();
        for (long sizeBytes : options.diskBytes()) {
            disks.add(new RamDisk(options.name() + "#" + disks.size(), sizeBytes, options.blockBytes()));
        }
        return List.copyOf(disks);
    }

    /** Where it listens, with the port that the system chose. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Closes every connection and stops listening; the future tells when no one can connect any more. */
    public Future<Void> close() {
        loop.execute(this::closeConnections);
        return server.close();
    }

    String name() {
        return options.name();
    }

    KeyOffer offer() {
        return options.offer();
    }

    DiskCommands commands() {
        return commands;
    }

    private void accept(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            var unused = channel.close();
            return;
        }
        lastTsih = lastTsih % MAX_TSIH + 1;
        TargetConnection connection = new TargetConnection(this, channel, lastTsih);
        connections.add(connection);
        channel.pipeline().addLast(connection);
    }

    void closed(TargetConnection connection) {
        connections.remove(connection);
    }

    void closeConnections() {
        List.copyOf(connections).forEach(TargetConnection::close);
    }

    /** Ends the session that the same initiator port has already: the new one takes its place (section 6.3.5). */
    void reinstate(TargetLogin.Nexus nexus) {
        for (TargetConnection connection : List.copyOf(connections)) {
            TargetSession old = connection.session();
            if (old != null && old.nexus().isReplacedBy(nexus)) {
                old.tasks().abort(tag -> true);
                connection.close();
            }
        }
    }

    /** Ends tasks of all sessions; after a reset each of them finds a unit attention. */
    void abortAll(Predicate<TaskTag> which, boolean reset) {
        for (TargetConnection connection : connections) {
            TargetSession session = connection.session();
            if (session != null) {
                session.tasks().abort(which);
                if (reset) {
                    session.tasks().attention();
                }
            }
        }
    }
}
