package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Reports a flush as it is, except that a unit which does not know the command at all is asked only once. */
record FlushCompletion(Quirks quirks, Completion done) implements Completion {

    @Override
    public void succeeded(ByteBuf data) {
        done.succeeded(data);
    }

    @Override
    public void failed(BlockException cause) {
        if (cause.error() == BlockError.UNSUPPORTED) {
            quirks.learnNoCacheCommand();
            done.succeeded(Unpooled.EMPTY_BUFFER);
        } else {
            done.failed(cause);
        }
    }
}
