package io.lunbridge.iscsi.pdu;

/** Text Response (RFC 7143 section 11.11). The Target Transfer Tag begins as reserved. */
public final class TextResponse extends ResponseHeader<TextResponse> {

    private static final int CONTINUE = 0x40;

    public TextResponse() {
        super(Opcode.TEXT_RESPONSE);
    }

    @Override
    TextResponse self() {
        return this;
    }

    @Override
    void reserveTags() {
        targetTransferTag(RESERVED_TAG);
    }

    /** C: the text is not complete and goes on in the next PDU. */
    public boolean continueBit() {
        return flag(CONTINUE);
    }

    public TextResponse continueBit(boolean on) {
        return flag(CONTINUE, on);
    }

    public int targetTransferTag() {
        return int32(20);
    }

    public TextResponse targetTransferTag(int tag) {
        return int32(20, tag);
    }
}
