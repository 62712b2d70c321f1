package io.lunbridge.iscsi.pdu;

/** SCSI Data-Out (RFC 7143 section 11.7). The Target Transfer Tag begins as reserved: unsolicited data. */
public final class DataOut extends RequestHeader<DataOut> {

    public DataOut() {
        super(Opcode.DATA_OUT);
    }

    @Override
    DataOut self() {
        return this;
    }

    @Override
    void reserveTags() {
        targetTransferTag(RESERVED_TAG).finalBit(false);
    }

    /** The R2T's tag, and with it the R2T's LUN; reserved for unsolicited data. */
    public int targetTransferTag() {
        return int32(20);
    }

    public DataOut targetTransferTag(int tag) {
        return int32(20, tag);
    }

    /** Counts from 0 in each R2T's sequence and in the unsolicited one. */
    public int dataSn() {
        return int32(36);
    }

    public DataOut dataSn(int number) {
        return int32(36, number);
    }

    /** Where the data segment belongs within the command's data. */
    public int bufferOffset() {
        return int32(40);
    }

    public DataOut bufferOffset(int offsetBytes) {
        return int32(40, offsetBytes);
    }
}
