package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Stands between a device and the completion of one request, and sees that it is answered once and rightly. */
final class CheckedCall implements Completion, ExtentsCompletion {

    /** The completion of a request that nobody asked for. */
    static final Completion NOBODY = new Completion() {
        @Override
        public void succeeded(ByteBuf data) {
            data.release();
        }

        @Override
        public void failed(BlockException cause) {}
    };

    private final Pool pool;
    private @Nullable Completion done;
    private @Nullable ExtentsCompletion extentsDone;
    private int expectedBytes;

    private CheckedCall(Pool pool) {
        this.pool = pool;
    }

    @Override
    public void succeeded(ByteBuf data) {
        if (!pool.device.eventLoop().inEventLoop()) {
            hop(() -> succeeded(data));
            return;
        }
        Completion told = done;
        if (told == null) {
            data.release();
            pool.device.condemn("an answer that nobody waits for", null);
        } else if (data.readableBytes() != expectedBytes) {
            String breach = data.readableBytes() + " bytes of answer instead of " + expectedBytes;
            data.release();
            failForBreach(breach, null);
        } else {
            recycle();
            told.succeeded(data);
        }
    }

    @Override
    public void succeeded(List<Extent> extents) {
        if (!pool.device.eventLoop().inEventLoop()) {
            hop(() -> succeeded(extents));
            return;
        }
        ExtentsCompletion told = extentsDone;
        if (told == null) {
            pool.device.condemn("extents that nobody waits for", null);
        } else if (extents.isEmpty()) {
            failForBreach("no extents", null);
        } else {
            recycle();
            told.succeeded(extents);
        }
    }

    @Override
    public void failed(BlockException cause) {
        if (!pool.device.eventLoop().inEventLoop()) {
            hop(() -> failed(cause));
            return;
        }
        Completion told = done;
        ExtentsCompletion extentsTold = extentsDone;
        if (told != null) {
            recycle();
            told.failed(cause);
        } else if (extentsTold != null) {
            recycle();
            extentsTold.failed(cause);
        } else {
            pool.device.condemn("a failure that nobody waits for: " + cause.getMessage(), null);
        }
    }

    /** The lower device threw instead of answering, or after it. */
    void thrown(Throwable cause) {
        failForBreach("a request threw " + cause, cause);
    }

    /** Answers after the device is closed, so that nobody asks it again from within the answer. */
    private void failForBreach(String breach, @Nullable Throwable cause) {
        Completion told = done;
        ExtentsCompletion extentsTold = extentsDone;
        if (isInUse()) {
            recycle();
        }
        pool.device.condemn(breach, cause);
        BlockException failure = new BlockException(BlockError.IO, "a bug: " + breach);
        if (told != null) {
            told.failed(failure);
        }
        if (extentsTold != null) {
            extentsTold.failed(failure);
        }
    }

    private void hop(Runnable answer) {
        String breach = "an answer on " + Thread.currentThread();
        pool.device.eventLoop().execute(() -> {
            answer.run();
            pool.device.condemn(breach, null);
        });
    }

    private boolean isInUse() {
        return done != null || extentsDone != null;
    }

    private void recycle() {
        done = null;
        extentsDone = null;
        pool.idle.add(this);
    }

    /** The calls of one device: as many objects as were ever in flight at once, and a few more. */
    static final class Pool {

        /** A call rests while this many others are used, so that a second answer still finds it idle. */
        static final int RESTING = 64;

        private final CheckedBlockDevice device;
        private final Queue<CheckedCall> idle = new ArrayDeque<>();
        private final List<CheckedCall> all = new ArrayList<>();

        Pool(CheckedBlockDevice device) {
            this.device = device;
        }

        CheckedCall take(Completion done, int expectedBytes) {
            CheckedCall call = next();
            call.done = done;
            call.expectedBytes = expectedBytes;
            return call;
        }

        CheckedCall take(ExtentsCompletion done) {
            CheckedCall call = next();
            call.extentsDone = done;
            return call;
        }

        private CheckedCall next() {
            CheckedCall call = idle.size() > RESTING ? idle.poll() : null;
            if (call == null) {
                call = new CheckedCall(this);
                all.add(call);
            }
            return call;
        }

        /** The lower device is closed: whoever still waits would wait for ever. */
        void failUnanswered() {
            for (CheckedCall call : List.copyOf(all)) {
                if (call.isInUse()) {
                    device.condemn("closed without answering everything", null);
                    call.failed(new BlockException(BlockError.SHUT_DOWN, "closed without an answer"));
                }
            }
        }
    }
}
