package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * A request on its way through a test decorator.
 *
 * @param data what a write carries, else empty; released by {@code work}, or by who does not call it
 * @param work sends the request to the lower device with the completion it is given
 */
public record TestRequest(Kind kind, Range range, ByteBuf data, Completion done, Consumer<Completion> work) {

    /** What is asked. */
    public enum Kind {
        READ,
        WRITE,
        FLUSH,
        DISCARD,
        WRITE_ZEROES
    }

    /** Where; nowhere for a flush. */
    public record Range(long offsetBytes, long lengthBytes) {}

    void carryOut() {
        work.accept(done);
    }

    void carryOut(Completion other) {
        work.accept(other);
    }

    void refuse(BlockError error, String message) {
        data.release();
        done.failed(new BlockException(error, message));
    }
}
