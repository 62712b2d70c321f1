package io.lunbridge.iscsi.pdu;

/** SCSI Data-In (RFC 7143 section 11.7). The Target Transfer Tag begins as reserved. */
public final class DataIn extends ResponseHeader<DataIn> {

    private static final int ACKNOWLEDGE = 0x40;
    private static final int OVERFLOW = 0x04;
    private static final int UNDERFLOW = 0x02;
    private static final int STATUS = 0x01;

    public DataIn() {
        super(Opcode.DATA_IN);
    }

    @Override
    DataIn self() {
        return this;
    }

    @Override
    void reserveTags() {
        targetTransferTag(RESERVED_TAG).finalBit(false);
    }

    /** A: the target asks for a DataACK (only with ErrorRecoveryLevel above 0). */
    public boolean acknowledgeBit() {
        return flag(ACKNOWLEDGE);
    }

    public DataIn acknowledgeBit(boolean on) {
        return flag(ACKNOWLEDGE, on);
    }

    /** O, valid with S. */
    public boolean overflow() {
        return flag(OVERFLOW);
    }

    public DataIn overflow(boolean on) {
        return flag(OVERFLOW, on);
    }

    /** U, valid with S. */
    public boolean underflow() {
        return flag(UNDERFLOW);
    }

    public DataIn underflow(boolean on) {
        return flag(UNDERFLOW, on);
    }

    /** S: the command ends here; {@link #status()}, {@link #statSn()} and {@link #residualCount()} are valid. */
    public boolean statusBit() {
        return flag(STATUS);
    }

    public DataIn statusBit(boolean on) {
        return flag(STATUS, on);
    }

    /** The SAM status byte, valid with S. */
    public int status() {
        return uint8(3);
    }

    public DataIn status(int code) {
        return uint8(3, code);
    }

    public int targetTransferTag() {
        return int32(20);
    }

    public DataIn targetTransferTag(int tag) {
        return int32(20, tag);
    }

    public int dataSn() {
        return int32(36);
    }

    public DataIn dataSn(int number) {
        return int32(36, number);
    }

    /** Where the data segment belongs within the command's data. */
    public int bufferOffset() {
        return int32(40);
    }

    public DataIn bufferOffset(int offsetBytes) {
        return int32(40, offsetBytes);
    }

    /** Valid with S. */
    public int residualCount() {
        return int32(44);
    }

    public DataIn residualCount(int countBytes) {
        return int32(44, countBytes);
    }
}
