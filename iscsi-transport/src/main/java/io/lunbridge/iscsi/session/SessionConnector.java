package io.lunbridge.iscsi.session;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.resolver.DefaultNameResolver;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens sessions on one event loop: finds the host's address, connects, logs in, follows redirections.
 *
 * <p>The transport is the caller's choice, so this package knows no epoll. Names are resolved on another thread, for the
 * resolver blocks; a connector remembers the addresses that it found, so one that is kept opens again without a name
 * server.
 */
public final class SessionConnector {

    /**
     * Bytes of one receive buffer. Small beats large: what was just received is still in the processor's cache when it is
     * sent on.
     */
    public static final int RECEIVE_BUFFER_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(SessionConnector.class);

    private final EventLoop eventLoop;
    private final Class<? extends Channel> channelClass;
    private final SocketSetup setup;
    private final HostAddresses hosts;

    /**
     * A connector for sessions of that loop.
     *
     * @param channelClass a TCP socket channel that fits the loop
     */
    public SessionConnector(EventLoop eventLoop, Class<? extends Channel> channelClass) {
        this(eventLoop, channelClass, SocketSetup.NONE);
    }

    /**
     * The same for sockets that are more than plain ones.
     *
     * @param setup of each of them before it connects
     */
    public SessionConnector(EventLoop eventLoop, Class<? extends Channel> channelClass, SocketSetup setup) {
        this.eventLoop = eventLoop;
        this.channelClass = channelClass;
        this.setup = setup;
        hosts = new HostAddresses(eventLoop, new DefaultNameResolver(GlobalEventExecutor.INSTANCE));
    }

    /** Opens a session; {@code opening} is told on the event loop. May be called from any thread. */
    public void open(SessionConfig config, SessionOpening opening) {
        eventLoop.execute(() -> new OpeningAttempt(config, opening, this::resolve).begin());
    }

    private void resolve(LoginTrial trial, LoginPhase.Owner owner) {
        hosts.find(
                trial.portal().host(),
                addresses -> connect(trial, owner, addresses.iterator()),
                cause -> owner.failed(LoginFailures.ofConnect(trial.portal(), cause)));
    }

    /** Takes the first of the host's addresses that lets us connect. */
    private void connect(LoginTrial trial, LoginPhase.Owner owner, Iterator<InetAddress> addresses) {
        InetSocketAddress address =
                new InetSocketAddress(addresses.next(), trial.portal().port());
        Preparation preparation = new Preparation(trial, owner);
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoop)
                .channel(channelClass)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        trial.config().timeouts().openMillis())
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BUFFER_BYTES))
                .handler(preparation)
                .connect(address, setup.localAddress());
        var unused = connecting.addListener(done -> {
            if (connecting.isSuccess()) {
                LOG.debug("{}: connected to {}", trial, address);
            } else if (addresses.hasNext()) {
                LOG.info("{}: {} does not let us connect; trying the host's next address", trial, address);
                connect(trial, owner, addresses);
            } else {
                IOException unprepared = preparation.failure;
                Throwable cause = unprepared == null ? connecting.cause() : unprepared;
                owner.failed(LoginFailures.ofConnect(trial.portal(), cause));
            }
        });
    }

    /** Makes of a channel that is about to connect a login's. A socket that cannot be as it has to be does not connect. */
    private final class Preparation extends ChannelInitializer<Channel> {

        private final LoginTrial trial;
        private final LoginPhase.Owner owner;
        private @Nullable IOException failure;

        Preparation(LoginTrial trial, LoginPhase.Owner owner) {
            this.trial = trial;
            this.owner = owner;
        }

        @Override
        protected void initChannel(Channel channel) {
            try {
                setup.prepare(channel);
            } catch (IOException e) {
                failure = e;
                var unused = channel.close();
                return;
            }
            channel.pipeline().addLast(new LoginPhase(trial, channel, owner).connection());
        }
    }
}
