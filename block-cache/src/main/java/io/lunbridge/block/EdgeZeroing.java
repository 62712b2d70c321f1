package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Zeroes a range that does not consist of whole blocks: the whole blocks first, since that alone may be refused, then
 * the edges as small writes. Holds no claim itself: each step is a request of its own to the aligned device, as the
 * parts of a request need no order against other requests in flight.
 */
final class EdgeZeroing implements Completion {

    private final AlignedBlockDevice device;
    private final Durability durability;
    private final Completion done;
    private long headStart;
    private int headBytes;
    private long tailStart;
    private int tailBytes;

    EdgeZeroing(AlignedBlockDevice device, Durability durability, Completion done) {
        this.device = device;
        this.durability = durability;
        this.done = done;
    }

    void start(long offsetBytes, long lengthBytes, Zeroing zeroing) {
        long end = offsetBytes + lengthBytes;
        headStart = offsetBytes;
        long middleStart = Math.min(device.blockEnd(offsetBytes), end);
        headBytes = (int) (middleStart - offsetBytes);
        tailStart = Math.max(device.blockStart(end), middleStart);
        tailBytes = (int) (end - tailStart);
        if (middleStart < tailStart) {
            device.writeZeroes(middleStart, tailStart - middleStart, zeroing, durability, this);
        } else if (zeroing.onlyIfFast()) {
            done.failed(new BlockException(BlockError.UNSUPPORTED, "parts of blocks are zeroed by writing"));
        } else {
            nextEdge();
        }
    }

    private void nextEdge() {
        if (headBytes > 0) {
            int length = headBytes;
            headBytes = 0;
            zero(headStart, length);
        } else if (tailBytes > 0) {
            int length = tailBytes;
            tailBytes = 0;
            zero(tailStart, length);
        } else {
            done.succeeded(Unpooled.EMPTY_BUFFER);
        }
    }

    private void zero(long offsetBytes, int lengthBytes) {
        ByteBuf zeroes = ByteBufAllocator.DEFAULT.buffer(lengthBytes).writeZero(lengthBytes);
        device.write(offsetBytes, zeroes, durability, this);
    }

    @Override
    public void succeeded(ByteBuf nothing) {
        nothing.release();
        nextEdge();
    }

    @Override
    public void failed(BlockException cause) {
        done.failed(cause);
    }
}
