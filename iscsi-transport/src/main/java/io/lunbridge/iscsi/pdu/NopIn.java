package io.lunbridge.iscsi.pdu;

/** NOP-In: the echo of a ping, the target's own ping, or news of the window (RFC 7143 section 11.19). */
public final class NopIn extends ResponseHeader<NopIn> {

    public NopIn() {
        super(Opcode.NOP_IN);
    }

    @Override
    NopIn self() {
        return this;
    }

    @Override
    void reserveTags() {
        initiatorTaskTag(RESERVED_TAG).targetTransferTag(RESERVED_TAG);
    }

    /** Not reserved if the target wants a NOP-Out in return. */
    public int targetTransferTag() {
        return int32(20);
    }

    public NopIn targetTransferTag(int tag) {
        return int32(20, tag);
    }
}
