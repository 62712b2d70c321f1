package io.lunbridge.nbd.transmission;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects one WRITE's payload from the receive buffers in which it arrives, without copying it.
 *
 * <p>A slice pins its whole receive buffer. A client that sends a byte at a time could so make a small payload hold
 * gigabytes; when the pieces get that small, this one payload is copied together.
 */
final class PayloadGatherer {

    /** Any payload may come in so many pieces … */
    private static final int PIECES_MIN = 32;
    /** … and in one more for each so many bytes. */
    private static final int PIECE_BYTES = 16 * 1024;

    private final ByteBufAllocator allocator;
    private int lengthBytes;
    private int pieces;
    private boolean copying;
    private @Nullable ByteBuf gathered;

    PayloadGatherer(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    void begin(int payloadBytes) {
        assert gathered == null;
        lengthBytes = payloadBytes;
        pieces = 0;
        copying = false;
    }

    /** Takes up to as many bytes from {@code in} as are missing; says whether the payload is complete. */
    boolean add(ByteBuf in) {
        ByteBuf soFar = gathered;
        int have = soFar == null ? 0 : soFar.readableBytes();
        int now = Math.min(lengthBytes - have, in.readableBytes());
        gathered = soFar == null ? in.readRetainedSlice(now) : append(soFar, in, now);
        pieces++;
        return have + now == lengthBytes;
    }

    /** The memory that the payload keeps from being reused, at most. */
    long pinnedBytes() {
        return copying ? lengthBytes : (long) pieces * NbdConnection.RECEIVE_BUFFER_BYTES;
    }

    /** Hands the payload over. */
    ByteBuf take() {
        ByteBuf payload = Objects.requireNonNull(gathered);
        gathered = null;
        return payload;
    }

    /** Releases what has been gathered so far, if anything. */
    void abandon() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    private ByteBuf append(ByteBuf soFar, ByteBuf in, int now) {
        if (copying) {
            return soFar.writeBytes(in, now);
        }
        if (pieces >= PIECES_MIN + lengthBytes / PIECE_BYTES) {
            copying = true;
            ByteBuf copy = allocator.directBuffer(lengthBytes, lengthBytes).writeBytes(soFar);
            soFar.release();
            return copy.writeBytes(in, now);
        }
        return compose(soFar).addComponent(true, in.readRetainedSlice(now));
    }

    private CompositeByteBuf compose(ByteBuf soFar) {
        // A composite may have as many components as append() allows; it would copy itself together beyond its own.
        return soFar instanceof CompositeByteBuf composite
                ? composite
                : allocator.compositeDirectBuffer(Integer.MAX_VALUE).addComponent(true, soFar);
    }
}
