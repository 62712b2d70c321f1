package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Reports a flush that somebody has asked for as it is, except that a unit which does not know the command at all is asked
 * only once, and that no success is told where answered writes have been lost.
 */
final class FlushCompletion implements Completion {

    private final Quirks quirks;
    private final UnflushedWrites unflushed;
    private final Completion done;

    FlushCompletion(Quirks quirks, UnflushedWrites unflushed, Completion done) {
        this.quirks = quirks;
        this.unflushed = unflushed;
        this.done = done;
    }

    @Override
    public void succeeded(ByteBuf data) {
        if (unflushed.tellLoss()) {
            data.release();
            done.failed(unflushed.loss());
        } else {
            done.succeeded(data);
        }
    }

    @Override
    public void failed(BlockException cause) {
        if (cause.error() == BlockError.UNSUPPORTED) {
            quirks.learnNoCacheCommand();
            succeeded(Unpooled.EMPTY_BUFFER);
        } else {
            unflushed.told();
            done.failed(cause);
        }
    }
}
