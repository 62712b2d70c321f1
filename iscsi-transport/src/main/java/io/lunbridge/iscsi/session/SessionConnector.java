package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.TargetAddress;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens sessions on one event loop: finds the host's address, connects, logs in, follows redirections.
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

    private static final int MAX_REDIRECTS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(SessionConnector.class);

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
        new Attempt(config, opening).resolve(config.portal(), MAX_REDIRECTS);
    }

    /**
     * One opening, over all its redirections. The configuration keeps the portal it came with: a later opening begins
     * there again, for a redirection may hold for a while only.
     */
    private final class Attempt {

        private final SessionConfig config;
        private final SessionOpening opening;

        Attempt(SessionConfig config, SessionOpening opening) {
            this.config = config;
            this.opening = opening;
        }

        void resolve(TargetAddress portal, int redirectsLeft) {
            var resolver = new DefaultNameResolver(GlobalEventExecutor.INSTANCE);
            Future<InetAddress> resolution = resolver.resolve(portal.host());
            var unused = resolution.addListener(done -> eventLoop.execute(() -> {
                if (resolution.isSuccess()) {
                    connect(portal, new InetSocketAddress(resolution.getNow(), portal.port()), redirectsLeft);
                } else {
                    opening.failed(LoginFailures.ofConnect(portal, resolution.cause()));
                }
            }));
        }

        private void connect(TargetAddress portal, InetSocketAddress address, int redirectsLeft) {
            ChannelFuture connecting = new Bootstrap()
                    .group(eventLoop)
                    .channel(channelClass)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(
                            ChannelOption.CONNECT_TIMEOUT_MILLIS,
                            config.timeouts().openMillis())
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BUFFER_BYTES))
                    .handler(initializer(redirectsLeft))
                    .connect(address);
            var unused = connecting.addListener(done -> {
                if (!connecting.isSuccess()) {
                    opening.failed(LoginFailures.ofConnect(portal, connecting.cause()));
                }
            });
        }

        private ChannelHandler initializer(int redirectsLeft) {
            return new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                    LoginPhase login =
                            new LoginPhase(config, channel, opening, portal -> redirect(portal, redirectsLeft));
                    channel.pipeline().addLast(login.connection());
                }
            };
        }

        private void redirect(TargetAddress portal, int redirectsLeft) {
            if (redirectsLeft > 0) {
                LOG.info("{}: redirected to {}", config, portal);
                resolve(portal, redirectsLeft - 1);
            } else {
                opening.failed(new SessionException(
                        SessionException.Kind.MOVED, config + ": sent from one address to the next without end"));
            }
        }
    }
}
