package io.lunbridge.iscsi.pdu;

/** Text Request (RFC 7143 section 11.10). The Target Transfer Tag begins as reserved. */
public final class TextRequest extends RequestHeader<TextRequest> {

    private static final int CONTINUE = 0x40;

    public TextRequest() {
        super(Opcode.TEXT_REQUEST);
    }

    @Override
    TextRequest self() {
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

    public TextRequest continueBit(boolean on) {
        return flag(CONTINUE, on);
    }

    public int targetTransferTag() {
        return int32(20);
    }

    public TextRequest targetTransferTag(int tag) {
        return int32(20, tag);
    }
}
