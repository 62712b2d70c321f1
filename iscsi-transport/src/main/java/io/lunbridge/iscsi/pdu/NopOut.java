package io.lunbridge.iscsi.pdu;

/** NOP-Out: a ping, or the answer to the target's (RFC 7143 section 11.18). Both tags begin as reserved. */
public final class NopOut extends RequestHeader<NopOut> {

    public NopOut() {
        super(Opcode.NOP_OUT);
    }

    @Override
    NopOut self() {
        return this;
    }

    @Override
    void reserveTags() {
        initiatorTaskTag(RESERVED_TAG).targetTransferTag(RESERVED_TAG);
    }

    public int targetTransferTag() {
        return int32(20);
    }

    public NopOut targetTransferTag(int tag) {
        return int32(20, tag);
    }
}
