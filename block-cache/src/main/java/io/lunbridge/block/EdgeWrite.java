package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A write that covers some block only in part: reads the block at either edge, then writes whole blocks in one piece,
 * edges and data joined without copying. Claims its blocks alone from before the reading until the write is answered.
 */
final class EdgeWrite extends RangeLock.Claim implements Completion {

    private final BlockDevice lower;
    private final RangeLock lock;
    private final Completion done;
    private ByteBuf data = Unpooled.EMPTY_BUFFER;
    private Durability durability = Durability.CACHED;
    private int headBytes;
    private int tailBytes;

    private int readsLeft;
    private ByteBuf head = Unpooled.EMPTY_BUFFER;
    private ByteBuf tail = Unpooled.EMPTY_BUFFER;
    private @Nullable BlockException failure;

    EdgeWrite(BlockDevice lower, RangeLock lock, Completion done) {
        this.lower = lower;
        this.lock = lock;
        this.done = done;
    }

    void start(long offsetBytes, ByteBuf written, Durability promise) {
        int block = lower.geometry().blockBytes();
        long end = offsetBytes + written.readableBytes();
        long firstBlock = offsetBytes & -block;
        long behindLast = (end + block - 1) & -block;
        data = written;
        durability = promise;
        headBytes = (int) (offsetBytes - firstBlock);
        tailBytes = (int) (behindLast - end);
        claim(firstBlock, behindLast, true);
        switch (lock.acquire(this)) {
            case GRANTED -> granted();
            case REFUSED -> refused(new BlockException(BlockError.NO_MEMORY, "too many overlapping writes wait"));
            case WAITING -> {}
        }
    }

    @Override
    void granted() {
        int block = lower.geometry().blockBytes();
        boolean oneBlock = endBytes() - startBytes() == block;
        if (oneBlock) {
            readsLeft = 1;
            lower.read(startBytes(), block, new Edge(true, tailBytes > 0));
            return;
        }
        readsLeft = (headBytes > 0 ? 1 : 0) + (tailBytes > 0 ? 1 : 0);
        boolean readsTail = tailBytes > 0; // an answered read may end this request before the next line
        if (headBytes > 0) {
            lower.read(startBytes(), block, new Edge(true, false));
        }
        if (readsTail) {
            lower.read(endBytes() - block, block, new Edge(false, true));
        }
    }

    private void edgeRead() {
        if (--readsLeft > 0) {
            return;
        }
        if (failure != null) {
            releaseAll();
            failed(failure);
            return;
        }
        lower.write(startBytes(), Unpooled.wrappedBuffer(head, data, tail), durability, this);
    }

    @Override
    void refused(BlockException cause) {
        releaseAll();
        done.failed(cause);
    }

    private void releaseAll() {
        head.release();
        data.release();
        tail.release();
    }

    @Override
    public void succeeded(ByteBuf nothing) {
        lock.release(this);
        done.succeeded(nothing);
    }

    @Override
    public void failed(BlockException cause) {
        lock.release(this);
        done.failed(cause);
    }

    /** The reading of one edge block, or of the one block that is both edges. */
    private final class Edge implements Completion {

        private final boolean isHead;
        private final boolean isTail;

        Edge(boolean isHead, boolean isTail) {
            this.isHead = isHead;
            this.isTail = isTail;
        }

        @Override
        public void succeeded(ByteBuf block) {
            if (isHead) {
                head = block.retainedSlice(block.readerIndex(), headBytes);
            }
            if (isTail) {
                tail = block.retainedSlice(block.writerIndex() - tailBytes, tailBytes);
            }
            block.release();
            edgeRead();
        }

        @Override
        public void failed(BlockException cause) {
            failure = cause;
            edgeRead();
        }
    }
}
