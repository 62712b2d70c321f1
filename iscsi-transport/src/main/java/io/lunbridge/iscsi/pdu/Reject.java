package io.lunbridge.iscsi.pdu;

/** Reject (RFC 7143 section 11.17); its data segment is the header of the rejected PDU. */
public final class Reject extends ResponseHeader<Reject> {

    public Reject() {
        super(Opcode.REJECT);
    }

    @Override
    Reject self() {
        return this;
    }

    @Override
    void reserveTags() {
        initiatorTaskTag(RESERVED_TAG);
    }

    public RejectReason reason() {
        return RejectReason.of(uint8(2));
    }

    public Reject reason(RejectReason reason) {
        return uint8(2, reason.code());
    }

    /** Valid if a Data/R2T SNACK is rejected with {@link RejectReason#PROTOCOL_ERROR}. */
    public int dataSn() {
        return int32(36);
    }

    public Reject dataSn(int number) {
        return int32(36, number);
    }
}
