package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request to a device that is not there yet; ends with {@link #start} or with {@link #fail}.
 *
 * @param dataBytes memory that it holds
 * @param rule what it breaks of the contract on a device of a given geometry, in words
 * @param way sends it to the device
 * @param end tells its failure, and releases its data
 */
record WaitingRequest(
        int dataBytes,
        Function<Geometry, @Nullable String> rule,
        Consumer<BlockDevice> way,
        Consumer<BlockException> end) {

    static WaitingRequest of(Completion done, Function<Geometry, @Nullable String> rule, Consumer<BlockDevice> way) {
        return new WaitingRequest(0, rule, way, done::failed);
    }

    /** Owns {@code data}. */
    static WaitingRequest ofWrite(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        int lengthBytes = data.readableBytes();
        return new WaitingRequest(
                lengthBytes,
                now -> Breach.ofWrite(now, offsetBytes, lengthBytes, durability),
                to -> to.write(offsetBytes, data, durability, done),
                cause -> {
                    data.release();
                    done.failed(cause);
                });
    }

    @Nullable
    String breach(Geometry geometry) {
        return rule.apply(geometry);
    }

    void start(BlockDevice device) {
        way.accept(device);
    }

    void fail(BlockException cause) {
        end.accept(cause);
    }
}
