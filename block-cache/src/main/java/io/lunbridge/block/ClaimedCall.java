package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One aligned write, zeroing or discard under a shared claim. Used again for the next one when it is answered. */
final class ClaimedCall extends RangeLock.Claim implements Completion {

    private enum Kind {
        WRITE,
        DISCARD,
        WRITE_ZEROES
    }

    private final Pool pool;
    private Kind kind = Kind.WRITE;
    private ByteBuf data = Unpooled.EMPTY_BUFFER;
    private Durability durability = Durability.CACHED;
    private Zeroing zeroing = Zeroing.MAY_DEALLOCATE;
    private @Nullable Completion done;

    private ClaimedCall(Pool pool) {
        this.pool = pool;
    }

    private void submit() {
        switch (pool.lock.acquire(this)) {
            case GRANTED -> granted();
            case REFUSED -> refused(new BlockException(BlockError.NO_MEMORY, "too many overlapping writes wait"));
            case WAITING -> {}
        }
    }

    @Override
    void granted() {
        long length = endBytes() - startBytes();
        switch (kind) {
            case WRITE -> pool.lower.write(startBytes(), data, durability, this);
            case DISCARD -> pool.lower.discard(startBytes(), length, this);
            case WRITE_ZEROES -> pool.lower.writeZeroes(startBytes(), length, zeroing, durability, this);
        }
    }

    @Override
    void refused(BlockException cause) {
        data.release();
        finish().failed(cause);
    }

    @Override
    public void succeeded(ByteBuf nothing) {
        Completion told = finish();
        pool.lock.release(this);
        told.succeeded(nothing);
    }

    @Override
    public void failed(BlockException cause) {
        Completion told = finish();
        pool.lock.release(this);
        told.failed(cause);
    }

    private Completion finish() {
        Completion told = done;
        if (told == null) {
            throw new IllegalStateException("answered twice");
        }
        done = null;
        data = Unpooled.EMPTY_BUFFER;
        pool.idle.add(this);
        return told;
    }

    /** The calls of one device: as many objects as were ever in flight at once. */
    static final class Pool {

        private final BlockDevice lower;
        private final RangeLock lock;
        private final Queue<ClaimedCall> idle = new ArrayDeque<>();

        Pool(BlockDevice lower, RangeLock lock) {
            this.lower = lower;
            this.lock = lock;
        }

        void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
            ClaimedCall call = take(Kind.WRITE, offsetBytes, data.readableBytes(), done);
            call.data = data;
            call.durability = durability;
            call.submit();
        }

        void discard(long offsetBytes, long lengthBytes, Completion done) {
            take(Kind.DISCARD, offsetBytes, lengthBytes, done).submit();
        }

        void writeZeroes(long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
            ClaimedCall call = take(Kind.WRITE_ZEROES, offsetBytes, lengthBytes, done);
            call.zeroing = zeroing;
            call.durability = durability;
            call.submit();
        }

        private ClaimedCall take(Kind kind, long offsetBytes, long lengthBytes, Completion done) {
            ClaimedCall call = idle.poll();
            if (call == null) {
                call = new ClaimedCall(this);
            }
            call.claim(offsetBytes, offsetBytes + lengthBytes, false);
            call.kind = kind;
            call.done = done;
            return call;
        }
    }
}
