package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The flush that makes one durable write durable. It tells of that write alone: what others have lost is left to the next
 * flush that somebody asks for, and so is what this one learns of.
 */
final class OwnFlush implements Completion {

    private final ScsiDisk disk;
    private final int lossesBefore;
    private final Completion done;

    /** For a write that was answered when there had been so many losses. */
    OwnFlush(ScsiDisk disk, int lossesBefore, Completion done) {
        this.disk = disk;
        this.lossesBefore = lossesBefore;
        this.done = done;
    }

    @Override
    public void succeeded(ByteBuf data) {
        data.release();
        if (disk.unflushed().losses() == lossesBefore) {
            done.succeeded(Unpooled.EMPTY_BUFFER);
        } else {
            done.failed(disk.unflushed().loss());
        }
    }

    @Override
    public void failed(BlockException cause) {
        if (cause.error() == BlockError.UNSUPPORTED) {
            disk.quirks().learnNoCacheCommand();
            succeeded(Unpooled.EMPTY_BUFFER);
        } else {
            done.failed(cause);
        }
    }
}
