package io.lunbridge.block;

import io.netty.buffer.ByteBuf;

/**
 * Told the outcome of one request exactly once, on the device's event loop; may be told before the call that started
 * the request returns. Implemented by the caller's own request object, so that a request costs no further allocation.
 */
public interface Completion {

    /** The request is done. {@code data} is the read data, now the receiver's to release; empty for other requests. */
    void succeeded(ByteBuf data);

    /** The request failed, and the medium may hold none, some or all of what a write carried. */
    void failed(BlockException cause);
}
