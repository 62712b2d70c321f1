package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;

/** Makes a success durable before it is told, where the command itself cannot. */
record FlushAfterwards(ScsiDisk disk, Completion done) implements Completion {

    @Override
    public void succeeded(ByteBuf data) {
        data.release();
        disk.flush(done);
    }

    @Override
    public void failed(BlockException cause) {
        done.failed(cause);
    }
}
