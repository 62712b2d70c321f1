package io.lunbridge.iscsi.target;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A parameter list, or the pattern of WRITE SAME: gathered, then acted upon. */
final class ParameterSink implements DataSink {

    /** Does what the gathered data asks for. */
    interface Action {
        void run(ByteBuf parameters) throws CheckCondition;
    }

    private final byte[] bytes;
    private final boolean exact;
    private final Action action;
    private int gatheredBytes;

    private ParameterSink(int lengthBytes, boolean exact, Action action) {
        bytes = new byte[lengthBytes];
        this.exact = exact;
        this.action = action;
    }

    /** Gathers {@code lengthBytes}, or what the initiator has of them. */
    static ParameterSink upTo(int lengthBytes, Action action) {
        return new ParameterSink(lengthBytes, false, action);
    }

    /** Gathers {@code lengthBytes}; a command that brings more or less is refused. */
    static ParameterSink exactly(int lengthBytes, Action action) {
        return new ParameterSink(lengthBytes, true, action);
    }

    @Override
    public boolean exact() {
        return exact;
    }

    @Override
    public long wantedBytes() {
        return bytes.length;
    }

    @Override
    public void take(long at, ByteBuf piece) {
        int n = piece.readableBytes();
        piece.readBytes(bytes, (int) at, n);
        gatheredBytes = Math.max(gatheredBytes, (int) at + n);
    }

    @Override
    public void finish() throws CheckCondition {
        action.run(Unpooled.wrappedBuffer(bytes, 0, gatheredBytes));
    }
}
