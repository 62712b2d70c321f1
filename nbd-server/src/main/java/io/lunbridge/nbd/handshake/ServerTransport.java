package io.lunbridge.nbd.handshake;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The Netty transport that a server runs on, chosen by the program.
 *
 * @param loop where connections are accepted
 * @param clients where they are served, each on the next loop: the loops of the exports' devices
 * @param unixChannels makes Unix-domain server channels
 * @param unixAddress makes such a channel's address from a path
 * @param tcpChannels makes TCP server channels
 */
public record ServerTransport(
        EventLoop loop,
        EventLoopGroup clients,
        ChannelFactory<? extends ServerChannel> unixChannels,
        Function<Path, SocketAddress> unixAddress,
        ChannelFactory<? extends ServerChannel> tcpChannels) {

    /** All on one loop. */
    public ServerTransport(
            EventLoop loop,
            ChannelFactory<? extends ServerChannel> unixChannels,
            Function<Path, SocketAddress> unixAddress,
            ChannelFactory<? extends ServerChannel> tcpChannels) {
        this(loop, loop, unixChannels, unixAddress, tcpChannels);
    }
}
