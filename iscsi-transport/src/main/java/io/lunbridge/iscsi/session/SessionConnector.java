package io.lunbridge.iscsi.session;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.resolver.DefaultNameResolver;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Opens sessions on one event loop: finds the host's address, connects, logs in.
 *
 * <p>The transport is the caller's choice, so this package knows no epoll. Names are resolved on another thread, for the
 * resolver blocks.
 */
public final class SessionConnector {

    /**
     * Bytes of one receive buffer. Small beats large: what was just received is still in the processor's cache when it is
     * sent on.
     */
    public static final int RECEIVE_BUFFER_BYTES = 64 << 10;

    private final EventLoop eventLoop;
    private final Class<? extends Channel> channelClass;

    /**
     * A connector for sessions of that loop.
     *
     * @param channelClass a TCP socket channel that fits the loop
     */
    public SessionConnector(EventLoop eventLoop, Class<? extends Channel> channelClass) {
        this.eventLoop = eventLoop;
        this.channelClass = channelClass;
    }

    /** Opens a session; {@code opening} is told on the event loop. May be called from any thread. */
    public void open(SessionConfig config, SessionOpening opening) {
        var resolver = new DefaultNameResolver(GlobalEventExecutor.INSTANCE);
        Future<InetAddress> resolution = resolver.resolve(config.portal().host());
        var unused = resolution.addListener(done -> eventLoop.execute(() -> {
            if (resolution.isSuccess()) {
                connect(
                        config,
                        new InetSocketAddress(
                                resolution.getNow(), config.portal().port()),
                        opening);
            } else {
                opening.failed(LoginFailures.ofConnect(config, resolution.cause()));
            }
        }));
    }

    private void connect(SessionConfig config, InetSocketAddress address, SessionOpening opening) {
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoop)
                .channel(channelClass)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, config.timeouts().openMillis())
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BUFFER_BYTES))
                .handler(initializer(config, opening))
                .connect(address);
        var unused = connecting.addListener(done -> {
            if (!connecting.isSuccess()) {
                opening.failed(LoginFailures.ofConnect(config, connecting.cause()));
            }
        });
    }

    private static ChannelHandler initializer(SessionConfig config, SessionOpening opening) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new LoginPhase(config, channel, opening).connection());
            }
        };
    }
}
