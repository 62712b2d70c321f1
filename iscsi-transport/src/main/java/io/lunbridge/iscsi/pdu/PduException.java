package io.lunbridge.iscsi.pdu;

import java.io.Serial;

/** The peer broke the protocol in a way that leaves no place to go on from: the connection dies of it. */
public final class PduException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What was wrong, so that a target can choose what to answer before it closes. */
    public enum Cause {
        /** An opcode that is unassigned, or that the peer's role must not send. */
        OPCODE,
        /** A data segment longer than we declared to take. */
        DATA_SEGMENT_LENGTH,
        /** Additional header segments where none may be, or malformed ones. */
        ADDITIONAL_HEADER,
        /** A header digest that does not match. */
        HEADER_DIGEST,
        /** A data digest that does not match, on a PDU that cannot be repeated by itself. */
        DATA_DIGEST,
        /** A field, a sequence or a state that the standard forbids. */
        PROTOCOL
    }

    private final Cause what;

    public PduException(Cause what, String message) {
        super(message, null, false, false);
        this.what = what;
    }

    public Cause what() {
        return what;
    }
}
