package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the outcome of one request, of either kind. Copies read data and releases it at once. Used on the loop; a
 * second outcome and one that arrives on another thread are remembered as {@link #misconduct}.
 */
public final class RecordingCompletion implements Completion {

    private final EventLoop loop;
    private boolean done;
    private byte @Nullable [] data;
    private @Nullable List<Extent> extents;
    private @Nullable BlockException failure;
    private @Nullable String misconduct;

    public RecordingCompletion(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void succeeded(ByteBuf result) {
        data = ByteBufUtil.getBytes(result);
        result.release();
        settle();
    }

    @Override
    public void failed(BlockException cause) {
        failure = cause;
        settle();
    }

    /** This, as the completion of a {@link BlockDevice#blockStatus}. */
    public ExtentsCompletion forExtents() {
        return new ExtentsCompletion() {
            @Override
            public void succeeded(List<Extent> result) {
                extents = result;
                settle();
            }

            @Override
            public void failed(BlockException cause) {
                RecordingCompletion.this.failed(cause);
            }
        };
    }

    private void settle() {
        if (done) {
            misconduct = "a second outcome";
        }
        if (!loop.inEventLoop()) {
            misconduct = "an outcome on " + Thread.currentThread();
        }
        done = true;
    }

    public boolean isDone() {
        return done;
    }

    public boolean hasSucceeded() {
        return done && failure == null;
    }

    /** What a read brought; empty for other requests. */
    public byte[] data() {
        requireSuccess();
        return data == null ? new byte[0] : data;
    }

    public List<Extent> extents() {
        requireSuccess();
        return extents == null ? List.of() : extents;
    }

    /** Why the request failed; null where it has not. */
    public @Nullable BlockError error() {
        return failure == null ? null : failure.error();
    }

    public @Nullable BlockException failure() {
        return failure;
    }

    /** What the device did that it must never do; null where it behaved. */
    public @Nullable String misconduct() {
        return misconduct;
    }

    private void requireSuccess() {
        if (failure != null) {
            throw new AssertionError("failed with " + failure.error() + ": " + failure.getMessage());
        }
        if (!done) {
            throw new AssertionError("not done");
        }
    }
}
