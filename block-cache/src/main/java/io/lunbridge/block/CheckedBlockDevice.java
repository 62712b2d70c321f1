package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands on top of every stack and asserts the contract of {@link BlockDevice} in both directions, so that the layers
 * below need not: loop, range, alignment, size limit, feature, exactly one answer, as much data as was asked.
 *
 * <p>A breach is a bug of ours, and a bug near somebody's data is not worked around: it is logged with a stack trace,
 * the request fails, the device is closed and its listeners are told that it is gone. A call on another thread than the
 * loop's throws besides. Cheap enough to stay on: a request costs a few comparisons and an object that is used again.
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
        BlockException refusal = refusal(breachOfTransfer(offsetBytes, lengthBytes));
        if (refusal != null) {
            done.failed(refusal);
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
        BlockException refusal = refusal(breachOfWrite(offsetBytes, data, durability));
        if (refusal != null) {
            releaseIfAlive(data);
            done.failed(refusal);
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
        BlockException refusal = refusal(breachOfFeature(Feature.FLUSH));
        if (refusal != null) {
            done.failed(refusal);
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
        BlockException refusal = refusal(breachOfChange(offsetBytes, lengthBytes, Feature.WRITE));
        if (refusal != null) {
            done.failed(refusal);
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
        String breach = breachOfChange(offsetBytes, lengthBytes, Feature.WRITE_ZEROES);
        BlockException refusal = refusal(breach == null ? breachOfDurability(durability) : breach);
        if (refusal != null) {
            done.failed(refusal);
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
        BlockException refusal = refusal(breachOfRange(offsetBytes, lengthBytes));
        if (refusal != null) {
            done.failed(refusal);
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
        BlockException refusal = refusal(breachOfRange(offsetBytes, lengthBytes));
        if (refusal != null) {
            done.failed(refusal);
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

    private @Nullable BlockException refusal(@Nullable String breach) {
        if (closed) {
            return new BlockException(BlockError.SHUT_DOWN, "the device is closed");
        }
        if (breach == null) {
            return null;
        }
        condemn(breach, null);
        return new BlockException(BlockError.INVALID, "a bug: " + breach);
    }

    private @Nullable String breachOfTransfer(long offsetBytes, long lengthBytes) {
        if (lengthBytes > geometry().maxTransferBytes()) {
            requireLoop();
            return lengthBytes + " bytes at once, " + geometry();
        }
        return breachOfRange(offsetBytes, lengthBytes);
    }

    private @Nullable String breachOfWrite(long offsetBytes, ByteBuf data, Durability durability) {
        if (data.refCnt() <= 0) {
            requireLoop();
            return "a write of data that is released already";
        }
        if (!eventLoop().inEventLoop()) {
            data.release();
        }
        String breach = breachOfTransfer(offsetBytes, data.readableBytes());
        if (breach == null) {
            breach = breachOfFeature(Feature.WRITE);
        }
        return breach == null ? breachOfDurability(durability) : breach;
    }

    private @Nullable String breachOfChange(long offsetBytes, long lengthBytes, Feature needed) {
        String breach = breachOfRange(offsetBytes, lengthBytes);
        return breach == null ? breachOfFeature(needed) : breach;
    }

    private @Nullable String breachOfDurability(Durability durability) {
        return durability == Durability.DURABLE ? breachOfFeature(Feature.DURABLE_WRITE) : null;
    }

    private @Nullable String breachOfFeature(Feature needed) {
        requireLoop();
        return geometry().has(needed) ? null : "a request that needs " + needed + ", " + geometry();
    }

    private @Nullable String breachOfRange(long offsetBytes, long lengthBytes) {
        requireLoop();
        Geometry now = geometry();
        boolean inside = offsetBytes >= 0 && lengthBytes > 0 && offsetBytes <= now.sizeBytes() - lengthBytes;
        boolean aligned = ((offsetBytes | lengthBytes) & (now.blockBytes() - 1)) == 0;
        return inside && aligned ? null : lengthBytes + " bytes at offset " + offsetBytes + ", " + now;
    }

    private void requireLoop() {
        if (!eventLoop().inEventLoop()) {
            String breach = "a call on " + Thread.currentThread();
            eventLoop().execute(() -> condemn(breach, null));
            throw new AssertionError(breach);
        }
    }

    private static void releaseIfAlive(ByteBuf data) {
        if (data.refCnt() > 0) {
            data.release();
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
