package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.PduException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * The data that a task has received: slices of the receive buffers, put in place by Buffer Offset.
 *
 * <p>In order they are appended; out of order (DataPDUInOrder=No) inserted. No byte may come twice. The arrays are kept
 * for the task's next use.
 */
final class ReadPieces {

    private static final int INITIAL_PIECES = 4;

    private ByteBuf[] pieces = new ByteBuf[INITIAL_PIECES];
    private int[] offsets = new int[INITIAL_PIECES];
    private int count;
    private int receivedBytes;

    ReadPieces() {
        Arrays.fill(pieces, Unpooled.EMPTY_BUFFER);
    }

    int receivedBytes() {
        return receivedBytes;
    }

    /** Owns {@code piece} from here on, also when it throws. */
    void add(int offsetBytes, ByteBuf piece) throws PduException {
        int at = count;
        while (at > 0 && offsets[at - 1] > offsetBytes) {
            at--;
        }
        int end = offsetBytes + piece.readableBytes();
        boolean overlapsPrevious = at > 0 && offsets[at - 1] + pieces[at - 1].readableBytes() > offsetBytes;
        boolean overlapsNext = at < count && offsets[at] < end;
        if (overlapsPrevious || overlapsNext) {
            piece.release();
            throw new PduException(PduException.Cause.PROTOCOL, "Data-In overlaps data that has arrived before");
        }
        insert(at, offsetBytes, piece);
    }

    private void insert(int at, int offsetBytes, ByteBuf piece) {
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * count);
            Arrays.fill(pieces, count, pieces.length, Unpooled.EMPTY_BUFFER);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        System.arraycopy(pieces, at, pieces, at + 1, count - at);
        System.arraycopy(offsets, at, offsets, at + 1, count - at);
        pieces[at] = piece;
        offsets[at] = offsetBytes;
        count++;
        receivedBytes += piece.readableBytes();
    }

    /** Whether what has arrived begins at 0 and has no gap. */
    boolean isContiguous() {
        return count == 0 || offsets[count - 1] + pieces[count - 1].readableBytes() == receivedBytes;
    }

    /** All pieces as one buffer, now the caller's: the only piece itself, or a composite of them. */
    ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf all = count == 0 ? Unpooled.EMPTY_BUFFER : count == 1 ? pieces[0] : composite(allocator);
        forget();
        return all;
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
        receivedBytes = 0;
    }
}
