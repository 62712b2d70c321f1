package io.lunbridge.block.cache;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A range that is read ahead: on its way, there, or dropped. */
final class Chunk implements Completion {

    private final ReadAhead owner;
    private final Watch watch;
    private final long offsetBytes;
    private final int lengthBytes;
    private final ArrayDeque<WaitingRead> waiting = new ArrayDeque<>(0);
    private @Nullable ByteBuf data;
    private boolean pending = true;
    private boolean dropped;

    /** Made right before the lower device is asked. */
    Chunk(ReadAhead owner, ChangeGuard guard, long offsetBytes, int lengthBytes) {
        this.owner = owner;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        watch = new Watch(guard);
        watch.begin(offsetBytes, lengthBytes);
    }

    Watch watch() {
        return watch;
    }

    long offsetBytes() {
        return offsetBytes;
    }

    long endBytes() {
        return offsetBytes + lengthBytes;
    }

    boolean isPending() {
        return pending;
    }

    boolean overlaps(WaitingRead read) {
        return offsetBytes < read.endBytes() && read.offsetBytes() < endBytes();
    }

    /** Will be tried again when this is answered. As many as the connections above let in. */
    void add(WaitingRead read) {
        waiting.add(read);
    }

    @Nullable
    WaitingRead nextWaiting() {
        return waiting.poll();
    }

    /** The part of it that a read wants; null where there is none that still counts. */
    @Nullable
    ByteBuf slice(WaitingRead read) {
        ByteBuf held = data;
        if (held == null || !watch.holds()) {
            return null;
        }
        long from = Math.max(offsetBytes, read.offsetBytes());
        int length = (int) (Math.min(endBytes(), read.endBytes()) - from);
        return held.retainedSlice(held.readerIndex() + (int) (from - offsetBytes), length);
    }

    @Override
    public void succeeded(ByteBuf brought) {
        pending = false;
        if (dropped || brought.readableBytes() != lengthBytes) {
            brought.release();
        } else {
            data = brought;
        }
        owner.answered(this);
    }

    @Override
    public void failed(BlockException cause) {
        pending = false;
        owner.answered(this);
    }

    /** Nobody will want it. */
    void drop() {
        dropped = true;
        ByteBuf held = data;
        data = null;
        if (held != null) {
            held.release();
        }
    }
}
