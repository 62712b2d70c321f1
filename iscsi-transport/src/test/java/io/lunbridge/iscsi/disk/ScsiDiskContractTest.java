package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockDeviceContract;
import io.lunbridge.block.TestLoop;
import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.lunbridge.iscsi.target.RamTarget;
import io.lunbridge.iscsi.target.RamTargetOptions;
import io.lunbridge.scsi.Lun;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;

/** The device contract, kept by a disk of our own target over a real socket, whatever the two have negotiated. */
class ScsiDiskContractTest {

    private static final long SIZE_BYTES = (1 << 20) + (64 << 10);
    private static final String NAME = "iqn.2026-11.io.lunbridge:ram";
    private static final int LIMIT_SECONDS = 20;

    @Nested
    class AsItComes extends OnRamTarget {
        AsItComes() {
            super(512, RamTargetOptions.defaultOffer(), KeyOffer.forSpeed());
        }
    }

    @Nested
    class LargeBlocks extends OnRamTarget {
        LargeBlocks() {
            super(4096, RamTargetOptions.defaultOffer(), KeyOffer.forSpeed());
        }
    }

    @Nested
    class Digests extends OnRamTarget {
        Digests() {
            super(
                    512,
                    RamTargetOptions.defaultOffer(),
                    KeyOffer.forSpeed().with(Key.HEADER_DIGEST, "CRC32C").with(Key.DATA_DIGEST, "CRC32C"));
        }
    }

    @Nested
    class EverythingAskedForInSmallPieces extends OnRamTarget {
        EverythingAskedForInSmallPieces() {
            super(
                    512,
                    RamTargetOptions.defaultOffer()
                            .with(Key.INITIAL_R2T, "Yes")
                            .with(Key.IMMEDIATE_DATA, "No")
                            .with(Key.MAX_RECV_DATA_SEGMENT_LENGTH, 512)
                            .with(Key.MAX_BURST_LENGTH, 2048)
                            .with(Key.FIRST_BURST_LENGTH, 1024),
                    KeyOffer.forSpeed().with(Key.MAX_RECV_DATA_SEGMENT_LENGTH, 512));
        }
    }

    /** A target, a session and a disk for each test, all on its loop. */
    abstract static class OnRamTarget extends BlockDeviceContract {

        private final RamTargetOptions options;
        private final KeyOffer offer;
        private Runnable shutDown = () -> {};

        OnRamTarget(int blockBytes, KeyOffer targetOffer, KeyOffer offer) {
            options = new RamTargetOptions(NAME, List.of(SIZE_BYTES), blockBytes, targetOffer);
            this.offer = offer;
        }

        @Override
        protected TestLoop newLoop() {
            return TestLoop.nio();
        }

        @Override
        protected BlockDevice open(TestLoop loop) throws Exception {
            RamTarget target = RamTarget.start(
                    loop.loop(),
                    NioServerSocketChannel.class,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    options);
            Session session = openSession(loop.loop(), target.address());
            shutDown = () -> {
                await((CompletableFuture<Boolean> closed) ->
                        loop.loop().execute(() -> session.close(() -> closed.complete(true))));
                target.close().awaitUninterruptibly();
            };
            return await(disk -> loop.loop().execute(() -> ScsiDisk.open(session, Lun.ofNumber(0), opening(disk))));
        }

        private Session openSession(EventLoop loop, InetSocketAddress address) {
            TargetAddress portal =
                    new TargetAddress(address.getAddress().getHostAddress(), address.getPort(), TargetAddress.NO_TAG);
            LoginIdentity identity =
                    new LoginIdentity("iqn.2026-11.io.lunbridge:test", NAME, SessionConfig.DEFAULT_ISID, 0, 0);
            SessionConfig config = SessionConfig.normal(portal, identity.initiatorName(), NAME)
                    .withLogin(LoginParameters.unauthenticated(identity, offer));
            return await(session -> new SessionConnector(loop, NioSocketChannel.class).open(config, opened(session)));
        }

        @Override
        protected void shutDown() {
            shutDown.run();
        }
    }

    private static SessionOpening opened(CompletableFuture<Session> outcome) {
        return new SessionOpening() {
            @Override
            public void opened(Session session) {
                outcome.complete(session);
            }

            @Override
            public void failed(SessionException cause) {
                outcome.completeExceptionally(cause);
            }
        };
    }

    private static DiskOpening opening(CompletableFuture<BlockDevice> outcome) {
        return new DiskOpening() {
            @Override
            public void opened(ScsiDisk disk) {
                outcome.complete(disk);
            }

            @Override
            public void failed(DiskException cause) {
                outcome.completeExceptionally(cause);
            }
        };
    }

    private static <T> T await(Consumer<CompletableFuture<T>> start) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        start.accept(outcome);
        return outcome.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }
}
