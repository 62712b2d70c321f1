package io.lunbridge.iscsi.pdu;

/** SNACK Request (RFC 7143 section 11.16). Both tags begin as reserved. */
public final class SnackRequest extends RequestHeader<SnackRequest> {

    /** Type: asks for Data-In or R2T PDUs again. */
    public static final int DATA_OR_R2T = 0;

    /** Type: asks for numbered responses again. */
    public static final int STATUS = 1;

    /** Type: acknowledges Data-In PDUs. */
    public static final int DATA_ACK = 2;

    /** Type: asks for Data-In PDUs again, possibly cut anew. */
    public static final int R_DATA = 3;

    private static final int TYPE = 0x0f;

    public SnackRequest() {
        super(Opcode.SNACK_REQUEST);
    }

    @Override
    SnackRequest self() {
        return this;
    }

    @Override
    void reserveTags() {
        initiatorTaskTag(RESERVED_TAG).targetTransferTag(RESERVED_TAG);
    }

    public int type() {
        return uint8(FLAGS_OFFSET) & TYPE;
    }

    public SnackRequest type(int type) {
        return flagBits(TYPE, type);
    }

    /** The Target Transfer Tag of a DataACK, the SNACK Tag of an R-Data SNACK, else reserved. */
    public int targetTransferTag() {
        return int32(20);
    }

    public SnackRequest targetTransferTag(int tag) {
        return int32(20, tag);
    }

    public int begRun() {
        return int32(40);
    }

    public SnackRequest begRun(int number) {
        return int32(40, number);
    }

    /** Number of PDUs; 0 means all from {@link #begRun()} on. */
    public int runLength() {
        return int32(44);
    }

    public SnackRequest runLength(int count) {
        return int32(44, count);
    }
}
