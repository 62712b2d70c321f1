package io.lunbridge.conformance;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Geometry;
import io.lunbridge.iscsi.disk.DiskException;
import io.lunbridge.iscsi.disk.DiskOpening;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusOpening;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.VirtualDisk;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Ours: a session, or one after the other, and its disk on an event loop of their own. */
final class ProductInitiator implements Initiator {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Nexus nexus;
    private final ScsiDisk disk;

    private ProductInitiator(SessionConfig config, boolean recovers) throws Exception {
        Nexus opened = null;
        try {
            opened = recovers ? Initiator.await(openNexus(config)) : Nexus.of(Initiator.await(openSession(config)));
            disk = Initiator.await(openDisk(opened));
            nexus = opened;
        } catch (Exception | AssertionError e) {
            if (opened != null) {
                close(opened);
            }
            shutDown();
            throw e;
        }
    }

    /** Logs in and opens the target's disk; throws what the product reports where it cannot. */
    static ProductInitiator open(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
        return new ProductInitiator(change.apply(configFor(target)), false);
    }

    /** The same with a session that follows a lost one. */
    static ProductInitiator openRecovering(ScriptedTarget target, UnaryOperator<SessionConfig> change)
            throws Exception {
        return new ProductInitiator(change.apply(configFor(target)), true);
    }

    private static SessionConfig configFor(ScriptedTarget target) throws Exception {
        TargetAddress portal = TargetAddress.parse("127.0.0.1:" + target.port());
        return SessionConfig.normal(portal, IQN, ScriptedTarget.IQN);
    }

    private CompletableFuture<Session> openSession(SessionConfig config) {
        CompletableFuture<Session> result = new CompletableFuture<>();
        new SessionConnector(loop, NioSocketChannel.class).open(config, new SessionOpening() {
            @Override
            public void opened(Session opened) {
                result.complete(opened);
            }

            @Override
            public void failed(SessionException cause) {
                result.completeExceptionally(cause);
            }
        });
        return result;
    }

    private CompletableFuture<Nexus> openNexus(SessionConfig config) {
        CompletableFuture<Nexus> result = new CompletableFuture<>();
        SessionConnector connector = new SessionConnector(loop, NioSocketChannel.class);
        Nexus.open(connector::open, config, RecoveryPolicy.DEFAULT, () -> 0, new NexusOpening() {
            @Override
            public void opened(Nexus opened) {
                result.complete(opened);
            }

            @Override
            public void failed(SessionException cause) {
                result.completeExceptionally(cause);
            }
        });
        return result;
    }

    private CompletableFuture<ScsiDisk> openDisk(Nexus opened) {
        CompletableFuture<ScsiDisk> result = new CompletableFuture<>();
        loop.execute(() -> ScsiDisk.open(opened, Lun.ofNumber(VirtualDisk.LUN), new DiskOpening() {
            @Override
            public void opened(ScsiDisk openedDisk) {
                result.complete(openedDisk);
            }

            @Override
            public void failed(DiskException cause) {
                result.completeExceptionally(cause);
            }
        }));
        return result;
    }

    @Override
    public Geometry geometry() {
        return disk.geometry();
    }

    @Override
    public void flush() throws Exception {
        Initiator.await(start(disk::flush));
    }

    @Override
    public CompletableFuture<byte[]> startRead(long offsetBytes, int lengthBytes) {
        return start(done -> disk.read(offsetBytes, lengthBytes, done));
    }

    @Override
    public CompletableFuture<byte[]> startWrite(long offsetBytes, byte[] data) {
        return start(done -> {
            ByteBuf buffer =
                    PooledByteBufAllocator.DEFAULT.directBuffer(data.length).writeBytes(data);
            disk.write(offsetBytes, buffer, Durability.CACHED, done);
        });
    }

    private CompletableFuture<byte[]> start(Consumer<Completion> request) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        loop.execute(() -> request.accept(new Completion() {
            @Override
            public void succeeded(ByteBuf data) {
                byte[] bytes = ByteBufUtil.getBytes(data);
                data.release();
                complete(result.complete(bytes));
            }

            @Override
            public void failed(BlockException cause) {
                complete(result.completeExceptionally(cause));
            }

            private void complete(boolean isFirst) {
                if (!isFirst) {
                    result.obtrudeException(new AssertionError("completed twice"));
                }
            }
        }));
        return result;
    }

    @Override
    public void close() {
        try {
            Initiator.await(start(disk::close));
            close(nexus);
        } catch (Exception e) {
            throw new AssertionError("closing failed", e);
        } finally {
            shutDown();
        }
    }

    private void close(Nexus open) throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        loop.execute(() -> open.close(() -> closed.complete(true)));
        Initiator.await(closed);
    }

    private void shutDown() {
        group.shutdownGracefully(0, LIMIT.toSeconds(), TimeUnit.SECONDS).awaitUninterruptibly(LIMIT.toMillis());
    }
}
