package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One read or write on its way in parts. The first failure wins: no part is started after it, and the request is
 * answered when those in flight are.
 */
abstract class SplitTransfer {

    final BlockDevice lower;
    final Completion done;
    final int partCount;
    private final long offsetBytes;
    private final int lengthBytes;
    private final int partBytes;

    private int next;
    private int inFlight;
    private boolean pumping;
    private @Nullable BlockException failure;

    SplitTransfer(BlockDevice lower, long offsetBytes, int lengthBytes, Completion done) {
        this.lower = lower;
        this.done = done;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        this.partBytes = lower.geometry().maxTransferBytes();
        this.partCount = (lengthBytes - 1) / partBytes + 1;
    }

    abstract void startPart(int index, long partOffsetBytes, int partLengthBytes, Completion partDone);

    /** A part has arrived; owns {@code data}. */
    abstract void partSucceeded(int index, ByteBuf data);

    /** Everything has arrived: answers the request. */
    abstract void allSucceeded();

    /** Something failed and nothing is in flight any more: releases what is held; the request is answered after. */
    abstract void abandon();

    /** Starts as many parts as may run now, and answers the request when none is left. Parts may answer at once. */
    final void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (failure == null && next < partCount && inFlight < SplittingBlockDevice.MAX_PARTS_IN_FLIGHT) {
            int index = next++;
            int at = index * partBytes;
            inFlight++;
            startPart(index, offsetBytes + at, Math.min(partBytes, lengthBytes - at), new Part(index));
        }
        pumping = false;
        if (inFlight == 0) {
            answer();
        }
    }

    private void answer() {
        if (failure == null) {
            allSucceeded();
        } else {
            abandon();
            done.failed(failure);
        }
    }

    private final class Part implements Completion {

        private final int index;

        Part(int index) {
            this.index = index;
        }

        @Override
        public void succeeded(ByteBuf data) {
            inFlight--;
            partSucceeded(index, data);
            pump();
        }

        @Override
        public void failed(BlockException cause) {
            inFlight--;
            if (failure == null) {
                failure = cause;
            }
            pump();
        }
    }
}
