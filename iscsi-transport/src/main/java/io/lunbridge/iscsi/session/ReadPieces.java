package io.lunbridge.iscsi.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * The data that a task has received: slices of the receive buffers, joined by Buffer Offset at the end. Which may come is
 * checked before by {@link DataInProgress}. The arrays are kept for the task's next use.
 */
final class ReadPieces {

    private static final int INITIAL_PIECES = 4;

    private ByteBuf[] pieces = new ByteBuf[INITIAL_PIECES];
    private int[] offsets = new int[INITIAL_PIECES];
    private int count;
    private boolean outOfOrder;

    ReadPieces() {
        Arrays.fill(pieces, Unpooled.EMPTY_BUFFER);
    }

    /** Owns {@code piece} from here on. */
    void add(int offsetBytes, ByteBuf piece) {
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * count);
            Arrays.fill(pieces, count, pieces.length, Unpooled.EMPTY_BUFFER);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        outOfOrder |= count > 0 && offsetBytes < offsets[count - 1];
        pieces[count] = piece;
        offsets[count] = offsetBytes;
        count++;
    }

    /** All pieces as one buffer, now the caller's: the only piece itself, or a composite of them. */
    ByteBuf take(ByteBufAllocator allocator) {
        if (outOfOrder) {
            sort();
        }
        ByteBuf all = count == 0 ? Unpooled.EMPTY_BUFFER : count == 1 ? pieces[0] : composite(allocator);
        forget();
        return all;
    }

    /** Only where the target made use of DataPDUInOrder=No or DataSequenceInOrder=No. */
    private void sort() {
        long[] order = new long[count];
        for (int i = 0; i < count; i++) {
            order[i] = (long) offsets[i] << Integer.SIZE | i;
        }
        Arrays.sort(order);
        ByteBuf[] unsorted = Arrays.copyOf(pieces, count);
        for (int i = 0; i < count; i++) {
            pieces[i] = unsorted[(int) order[i]];
        }
    }

    private ByteBuf composite(ByteBufAllocator allocator) {
        CompositeByteBuf composite = allocator.compositeDirectBuffer(count);
        for (int i = 0; i < count; i++) {
            composite.addComponent(true, pieces[i]);
        }
        return composite;
    }

    void release() {
        for (int i = 0; i < count; i++) {
            pieces[i].release();
        }
        forget();
    }

    private void forget() {
        Arrays.fill(pieces, 0, count, Unpooled.EMPTY_BUFFER);
        count = 0;
        outOfOrder = false;
    }
}
