package io.lunbridge.block.cache;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.ForwardingBlockDevice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicLongArray;

/** Blocks that hold one number each, which several devices on several loops share. Answers on a later turn. */
final class NumberedDevice extends ForwardingBlockDevice {

    private final AtomicLongArray numbers;
    private final int blockBytes;

    NumberedDevice(BlockDevice shape, AtomicLongArray numbers) {
        super(shape, geometry -> geometry);
        this.numbers = numbers;
        blockBytes = shape.geometry().blockBytes();
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        long number = numbers.get((int) (offsetBytes / blockBytes));
        ByteBuf data = Unpooled.directBuffer(lengthBytes).writeLong(number).writeZero(lengthBytes - Long.BYTES);
        eventLoop().execute(() -> done.succeeded(data));
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        numbers.set((int) (offsetBytes / blockBytes), data.getLong(data.readerIndex()));
        data.release();
        eventLoop().execute(() -> done.succeeded(Unpooled.EMPTY_BUFFER));
    }
}
