package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Advice that was not taken is no failure. */
record BestEffort(Completion done) implements Completion {

    @Override
    public void succeeded(ByteBuf data) {
        done.succeeded(data);
    }

    @Override
    public void failed(BlockException cause) {
        done.succeeded(Unpooled.EMPTY_BUFFER);
    }
}
