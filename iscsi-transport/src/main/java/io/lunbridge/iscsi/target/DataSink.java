package io.lunbridge.iscsi.target;

import io.netty.buffer.ByteBuf;

/** Where a command's data goes as it arrives. Offsets are within the command's data. */
interface DataSink {

    /** Bytes that the command itself asks for; what comes beyond is not used. */
    long wantedBytes();

    /** Whether a command that announces another length than {@link #wantedBytes()} is to be refused. */
    default boolean exact() {
        return false;
    }

    /** Takes a piece, which is borrowed, and lies below {@link #wantedBytes()}. */
    void take(long offsetBytes, ByteBuf piece) throws CheckCondition;

    /** All data has come: does what is to be done with it. */
    void finish() throws CheckCondition;
}
