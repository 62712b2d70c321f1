package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flush of several lanes, which succeeds if each does. Its counts are confined to the loop of the lane that was asked. */
final class LaneFlush {

    private final EventLoop loop;
    private final Completion done;
    private int pending;
    private @Nullable BlockException failure;

    LaneFlush(EventLoop loop, int lanes, Completion done) {
        this.loop = loop;
        this.done = done;
        pending = lanes;
    }

    void start(ScsiDisk own, List<ScsiDisk> all) {
        for (ScsiDisk disk : all) {
            if (!disk.equals(own)) {
                disk.eventLoop().execute(() -> disk.flushIfOwed(new Part()));
            }
        }
        if (own.access().isDown() && !own.unflushed().owesFlush()) {
            flushInPlaceOf(own, all, 0);
        } else {
            own.flush(new Part());
        }
    }

    /** SYNCHRONIZE CACHE is for the whole unit, so that a lane that is down and owes nothing needs no return for it. */
    private void flushInPlaceOf(ScsiDisk own, List<ScsiDisk> all, int index) {
        if (index == all.size()) {
            loop.execute(() -> own.flush(new Part()));
            return;
        }
        ScsiDisk disk = all.get(index);
        disk.eventLoop().execute(() -> {
            if (disk.access().isOpen()) {
                disk.flush(new Part());
            } else {
                flushInPlaceOf(own, all, index + 1);
            }
        });
    }

    private void ended(@Nullable BlockException cause) {
        failure = failure == null ? cause : failure;
        if (--pending > 0) {
            return;
        }
        if (failure == null) {
            done.succeeded(Unpooled.EMPTY_BUFFER);
        } else {
            done.failed(failure);
        }
    }

    /** One lane's outcome, told on that lane's loop. */
    private final class Part implements Completion {

        @Override
        public void succeeded(ByteBuf data) {
            data.release();
            tell(null);
        }

        @Override
        public void failed(BlockException cause) {
            tell(cause);
        }

        private void tell(@Nullable BlockException cause) {
            if (loop.inEventLoop()) {
                ended(cause);
            } else {
                loop.execute(() -> ended(cause));
            }
        }
    }
}
