package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands on top of every stack and asserts the contract of {@link BlockDevice} in both directions, so that the layers
 * below need not: loop, range, alignment, size limit, feature, exactly one answer, as much data as was asked.
 *
 * <p>A breach is a bug of ours, and a bug near somebody's data is not worked around: it is logged with a stack trace,
 * the request fails, the device is closed and its listeners are told that it is gone. A call on another thread than the
 * loop's, or with data that is released, throws besides. Cheap enough to stay on: a request costs a few comparisons and an object that is used again.
 */
public final class CheckedBlockDevice extends ForwardingBlockDevice {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedBlockDevice.class);

    private final CheckedCall.Pool calls = new CheckedCall.Pool(this);
    private boolean closed;

    public CheckedBlockDevice(BlockDevice lower) {
        super(lower, geometry -> geometry);
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        requireLoop();
        String breach = Breach.ofTransfer(geometry(), offsetBytes, lengthBytes);
        if (breach != null || closed) {
            done.failed(refusal(breach, before -> Breach.ofTransfer(before, offsetBytes, lengthBytes)));
            return;
        }
        CheckedCall call = calls.take(done, lengthBytes);
        try {
            lower().read(offsetBytes, lengthBytes, call);
        } catch (RuntimeException | AssertionError e) {
            call.thrown(e);
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        requireAlive(data);
        int length = data.readableBytes();
        String breach = Breach.ofWrite(geometry(), offsetBytes, length, durability);
        if (breach != null || closed) {
            data.release();
            done.failed(refusal(breach, before -> Breach.ofWrite(before, offsetBytes, length, durability)));
            return;
        }
        CheckedCall call = calls.take(done, 0);
        try {
            lower().write(offsetBytes, data, durability, call);
        } catch (RuntimeException | AssertionError e) {
            call.thrown(e);
        }
    }

    @Override
    public void flush(Completion done) {
        requireLoop();
        String breach = Breach.ofFeature(geometry(), Feature.FLUSH);
        if (breach != null || closed) {
            done.failed(refusal(breach, before -> Breach.ofFeature(before, Feature.FLUSH)));
            return;
        }
        CheckedCall call = calls.take(done, 0);
        try {
            lower().flush(call);
        } catch (RuntimeException | AssertionError e) {
            call.thrown(e);
        }
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        requireLoop();
        String breach = Breach.ofDiscard(geometry(), offsetBytes, lengthBytes);
        if (breach != null || closed) {
            done.failed(refusal(breach, before -> Breach.ofDiscard(before, offsetBytes, lengthBytes)));
            return;
        }
        CheckedCall call = calls.take(done, 0);
        try {
            lower().discard(offsetBytes, lengthBytes, call);
        } catch (RuntimeException | AssertionError e) {
            call.thrown(e);
        }
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        requireLoop();
        String breach = Breach.ofWriteZeroes(geometry(), offsetBytes, lengthBytes, durability);
        if (breach != null || closed) {
            done.failed(refusal(breach, before -> Breach.ofWriteZeroes(before, offsetBytes, lengthBytes, durability)));
            return;
        }
        CheckedCall call = calls.take(done, 0);
        try {
            lower().writeZeroes(offsetBytes, lengthBytes, zeroing, durability, call);
        } catch (RuntimeException | AssertionError e) {
            call.thrown(e);
        }
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        requireLoop();
        String breach = Breach.ofRange(geometry(), offsetBytes, lengthBytes);
        if (breach != null || closed) {
            done.failed(refusal(breach, before -> Breach.ofRange(before, offsetBytes, lengthBytes)));
            return;
        }
        CheckedCall call = calls.take(done);
        try {
            lower().blockStatus(offsetBytes, lengthBytes, call);
        } catch (RuntimeException | AssertionError e) {
            call.thrown(e);
        }
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        requireLoop();
        String breach = Breach.ofRange(geometry(), offsetBytes, lengthBytes);
        if (breach != null || closed) {
            done.failed(refusal(breach, before -> Breach.ofRange(before, offsetBytes, lengthBytes)));
            return;
        }
        CheckedCall call = calls.take(done, 0);
        try {
            lower().prefetch(offsetBytes, lengthBytes, call);
        } catch (RuntimeException | AssertionError e) {
            call.thrown(e);
        }
    }

    @Override
    public void close(Completion done) {
        requireLoop();
        closed = true;
        lower().close(new Closing(done));
    }

    /** A bug was found: says so and closes the device, once. Called on the loop. */
    void condemn(String breach, @Nullable Throwable cause) {
        LOG.error("closing the device because of a bug: {}", breach, new AssertionError(breach, cause));
        if (!closed) {
            closed = true;
            announceGone(new BlockException(BlockError.IO, "closed because of a bug: " + breach));
            lower().close(new Closing(CheckedCall.NOBODY));
        }
    }

    /**
     * Why a request is not passed on.
     *
     * @param breach what it breaks, null where it only comes too late
     * @param underGeometry what it would break of a given geometry: a request may have been under way, as a write whose
     *     data was still coming, while the device shrank or became read-only, and that is nobody's bug
     */
    private BlockException refusal(@Nullable String breach, Function<Geometry, @Nullable String> underGeometry) {
        if (closed || breach == null) {
            return new BlockException(BlockError.SHUT_DOWN, "the device is closed");
        }
        if (underGeometry.apply(previousGeometry()) == null) {
            return Breach.byChange(geometry(), breach);
        }
        condemn(breach, null);
        return new BlockException(BlockError.INVALID, "a bug: " + breach);
    }

    private void requireAlive(ByteBuf data) {
        if (data.refCnt() <= 0) {
            requireLoop();
            condemn("a write of data that is released already", null);
            throw new AssertionError("a write of data that is released already");
        }
        if (!eventLoop().inEventLoop()) {
            data.release();
        }
        requireLoop();
    }

    private void requireLoop() {
        if (!eventLoop().inEventLoop()) {
            String breach = "a call on " + Thread.currentThread();
            eventLoop().execute(() -> condemn(breach, null));
            throw new AssertionError(breach);
        }
    }

    /** Finds what was never answered, when the lower device says that it is closed. */
    private final class Closing implements Completion {

        private final Completion done;

        Closing(Completion done) {
            this.done = done;
        }

        @Override
        public void succeeded(ByteBuf data) {
            data.release();
            calls.failUnanswered();
            done.succeeded(Unpooled.EMPTY_BUFFER);
        }

        @Override
        public void failed(BlockException cause) {
            calls.failUnanswered();
            done.failed(cause);
        }
    }
}
