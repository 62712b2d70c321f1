package io.lunbridge.iscsi.target;

import io.netty.buffer.ByteBuf;

/** WRITE: data goes into the store as it comes. */
final class BlockSink implements DataSink {

    private final RamStore store;
    private final long offsetBytes;
    private final long lengthBytes;

    BlockSink(RamStore store, long offsetBytes, long lengthBytes) {
        this.store = store;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
    }

    @Override
    public long wantedBytes() {
        return lengthBytes;
    }

    @Override
    public void take(long at, ByteBuf piece) throws CheckCondition {
        if (!store.write(offsetBytes + at, piece.readableBytes(), piece)) {
            throw CheckCondition.outOfSpace();
        }
    }

    @Override
    public void finish() {}
}
