package io.lunbridge.conformance;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Geometry;
import io.lunbridge.iscsi.disk.DiskException;
import io.lunbridge.iscsi.disk.DiskOpening;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.negotiation.TargetAddress;
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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The product as a test uses it: a session and its disk, driven from the test's thread. No wait is longer than {@link
 * #LIMIT}: a hang is a failure.
 */
public final class Initiator implements AutoCloseable {

    public static final String IQN = "iqn.2026-11.io.lunbridge:initiator";

    /** Longer than any time-out that the tests configure. */
    public static final Duration LIMIT = Duration.ofSeconds(8);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final Session session;
    private final ScsiDisk disk;

    private Initiator(SessionConfig config) throws Exception {
        Session opened = null;
        try {
            opened = await(openSession(config));
            disk = await(openDisk(opened));
            session = opened;
        } catch (Exception | AssertionError e) {
            if (opened != null) {
                closeSession(opened);
            }
            shutDown();
            throw e;
        }
    }

    /** Logs in and opens the target's disk; throws what the product reports where it cannot. */
    public static Initiator open(ScriptedTarget target) throws Exception {
        return open(target, UnaryOperator.identity());
    }

    /** As {@link #open(ScriptedTarget)}, with another configuration than the default one. */
    public static Initiator open(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
        return new Initiator(change.apply(configFor(target)));
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

    private CompletableFuture<ScsiDisk> openDisk(Session opened) {
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

    public Geometry geometry() {
        return disk.geometry();
    }

    public byte[] read(long offsetBytes, int lengthBytes) throws Exception {
        return await(startRead(offsetBytes, lengthBytes));
    }

    public void write(long offsetBytes, byte[] data) throws Exception {
        await(startWrite(offsetBytes, data));
    }

    public void flush() throws Exception {
        await(start(disk::flush));
    }

    public CompletableFuture<byte[]> startRead(long offsetBytes, int lengthBytes) {
        return start(done -> disk.read(offsetBytes, lengthBytes, done));
    }

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

    /** What the future holds; throws the product's exception itself, or an assertion error where it hangs. */
    public static <T> T await(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the product hangs: no answer within " + LIMIT, e);
        }
    }

    /** Closes the disk, logs out, and ends the event loop. */
    @Override
    public void close() {
        try {
            await(start(disk::close));
            closeSession(session);
        } catch (Exception e) {
            throw new AssertionError("closing failed", e);
        } finally {
            shutDown();
        }
    }

    private void closeSession(Session open) throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        loop.execute(() -> open.close(() -> closed.complete(true)));
        await(closed);
    }

    private void shutDown() {
        group.shutdownGracefully(0, LIMIT.toSeconds(), TimeUnit.SECONDS).awaitUninterruptibly(LIMIT.toMillis());
    }
}
