package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** What {@link PduReader} delivers to: turns opcodes into the listener's methods. One implementation per role. */
interface PduSink {

    /** Whether the peer's role may send this opcode. */
    boolean accepts(Opcode opcode);

    /** Whether the payload is delivered in pieces. */
    boolean streams(Opcode opcode);

    /** Whether additional header segments may follow the header. */
    boolean mayHaveAdditionalHeader(Opcode opcode);

    /** Whether a data segment may follow, or its length MUST be 0. */
    boolean mayHaveData(Opcode opcode);

    /** A PDU that streams begins. */
    void begin(Opcode opcode, ByteBuf buffer, int offset) throws PduException;

    /** Passes on the ownership of {@code piece}. */
    void payload(ByteBuf piece) throws PduException;

    void end(boolean digestOk) throws PduException;

    /** A PDU that does not stream, whole. {@code data} is borrowed. */
    void whole(Opcode opcode, ByteBuf buffer, int offset, ByteBuf data) throws PduException;
}
