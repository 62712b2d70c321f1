package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A range that is worked off by one command after another. A subclass sends the next command for the rest of the range and
 * says what to do when the unit does not know it.
 */
abstract class BlockRun implements Completion {

    private final Completion done;
    private long lba;
    private long remainingBlocks;
    private long commandBlocks;
    private boolean mediumChanged;

    BlockRun(long lba, long blocks, Completion done) {
        this.lba = lba;
        remainingBlocks = blocks;
        this.done = done;
    }

    /** Sends one command for up to {@code blocks} blocks from {@code firstLba} on, with this as its completion. */
    abstract void sendNext(long firstLba, long blocks);

    /** The unit refused the last command's kind: whether another kind is to be tried, for the same rest. */
    abstract boolean hasAlternative();

    /** How much the command that is about to be sent does. */
    final void commandBlocks(long blocks) {
        commandBlocks = blocks;
    }

    /** Whether a command of this run has succeeded already. */
    final boolean hasChangedMedium() {
        return mediumChanged;
    }

    final void next() {
        if (remainingBlocks == 0) {
            done.succeeded(Unpooled.EMPTY_BUFFER);
        } else {
            sendNext(lba, remainingBlocks);
        }
    }

    /** Ends the run without doing the rest. */
    final void stop() {
        done.succeeded(Unpooled.EMPTY_BUFFER);
    }

    final void stop(BlockException cause) {
        done.failed(cause);
    }

    @Override
    public final void succeeded(ByteBuf data) {
        data.release();
        mediumChanged = true;
        lba += commandBlocks;
        remainingBlocks -= commandBlocks;
        next();
    }

    @Override
    public final void failed(BlockException cause) {
        if (cause.error() == BlockError.UNSUPPORTED && hasAlternative()) {
            next();
        } else {
            done.failed(cause);
        }
    }
}
