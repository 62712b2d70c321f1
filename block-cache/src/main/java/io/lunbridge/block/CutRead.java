package io.lunbridge.block;

import io.netty.buffer.ByteBuf;

/**
 * Passes on the part of a widened read that was asked for.
 *
 * @param skipBytes what was read before it
 */
record CutRead(int skipBytes, int lengthBytes, Completion done) implements Completion {

    @Override
    public void succeeded(ByteBuf data) {
        int start = data.readerIndex() + skipBytes;
        done.succeeded(data.setIndex(start, start + lengthBytes));
    }

    @Override
    public void failed(BlockException cause) {
        done.failed(cause);
    }
}
