package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that knows what must be on the disk. It has one request at a time per block, as a kernel has, and believes
 * what it is told: an answered write is there, a flushed one is there for good, and only after an error may a block hold
 * one of several values.
 */
final class LossyClient {

    private static final int BLOCK_BYTES = 512;

    private final ScsiDisk disk;
    private final Random random;
    private final Block[] blocks = new Block[LossyMedium.BLOCKS];
    private int lastValue;
    private boolean flushing;

    int answered;
    int failed;
    int failedFlushes;

    private static final class Block {

        /** Every value that it may hold: from the last flush on, all that were written. */
        private final List<Integer> candidates = new ArrayList<>(List.of(0));

        private boolean busy;
        private boolean uncertain;

        int last() {
            return candidates.get(candidates.size() - 1);
        }
    }

    LossyClient(ScsiDisk disk, Random random) {
        this.disk = disk;
        this.random = random;
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new Block();
        }
    }

    boolean isIdle() {
        for (Block block : blocks) {
            if (block.busy) {
                return false;
            }
        }
        return !flushing;
    }

    void next() {
        int number = random.nextInt(blocks.length);
        int kind = random.nextInt(10);
        if (kind == 0 && !flushing) {
            flush();
        } else if (!blocks[number].busy && kind < 4) {
            read(number);
        } else if (!blocks[number].busy) {
            write(number, kind == 9);
        }
    }

    private void write(int number, boolean durable) {
        Block block = blocks[number];
        block.busy = true;
        int value = ++lastValue;
        boolean wasUncertain = block.uncertain;
        block.uncertain = true;
        block.candidates.add(value);
        ByteBuf data = Unpooled.buffer(BLOCK_BYTES);
        for (int i = 0; i < BLOCK_BYTES / 4; i++) {
            data.writeInt(value);
        }
        disk.write(number * (long) BLOCK_BYTES, data, durable ? Durability.DURABLE : Durability.CACHED, told(result -> {
            block.busy = false;
            block.uncertain = result == null;
            if (result != null && durable) {
                block.candidates.removeIf(candidate -> candidate != value);
            }
        }));
        assertThat(wasUncertain || block.candidates.size() > 1).isTrue();
    }

    private void read(int number) {
        Block block = blocks[number];
        block.busy = true;
        disk.read(number * (long) BLOCK_BYTES, BLOCK_BYTES, told(result -> {
            block.busy = false;
            if (result != null) {
                assertThat(block.candidates).as("block %d", number).contains(result.getInt(0));
            }
        }));
    }

    /** What was answered before it is covered by it. */
    void flush() {
        flushing = true;
        int[] covered = new int[blocks.length];
        for (int i = 0; i < blocks.length; i++) {
            covered[i] = blocks[i].busy || blocks[i].uncertain ? -1 : blocks[i].last();
        }
        disk.flush(told(result -> {
            flushing = false;
            failedFlushes += result == null ? 1 : 0;
            for (int i = 0; i < blocks.length; i++) {
                flushed(blocks[i], covered[i], result != null);
            }
        }));
    }

    private void flushed(Block block, int covered, boolean succeeded) {
        if (!succeeded) {
            block.uncertain |= block.candidates.size() > 1;
        } else if (covered >= 0) {
            block.candidates.removeIf(candidate -> candidate < covered);
        }
    }

    /** Reads a block that is at rest and after a flush: nothing but an error that was told excuses another value. */
    void check(int number, int value) {
        Block block = blocks[number];
        if (block.uncertain) {
            assertThat(block.candidates).as("block %d", number).contains(value);
        } else {
            assertThat(value).as("block %d, of %s", number, block.candidates).isEqualTo(block.last());
        }
    }

    private Completion told(Consumer<@Nullable ByteBuf> done) {
        return new Completion() {
            private boolean told;

            @Override
            public void succeeded(ByteBuf data) {
                once();
                answered++;
                done.accept(data);
                data.release();
            }

            @Override
            public void failed(BlockException cause) {
                once();
                failed++;
                done.accept(null);
            }

            private void once() {
                assertThat(told).as("told twice").isFalse();
                told = true;
            }
        };
    }
}
