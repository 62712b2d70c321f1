package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;

/**
 * Makes a success durable before it is told, where the command itself cannot.
 *
 * @param lossesBefore {@link UnflushedWrites#losses} before any of what is to be made durable was answered
 */
record FlushAfterwards(ScsiDisk disk, int lossesBefore, Completion done) implements Completion {

    @Override
    public void succeeded(ByteBuf data) {
        data.release();
        disk.secure(lossesBefore, done);
    }

    @Override
    public void failed(BlockException cause) {
        done.failed(cause);
    }
}
