package io.lunbridge.iscsi.pdu;

/** SCSI Response (RFC 7143 section 11.4); its data segment is the sense length in two bytes, sense, response data. */
public final class ScsiResponse extends ResponseHeader<ScsiResponse> {

    /** Response code: the command completed and {@link #status()} is valid. */
    public static final int COMPLETED_AT_TARGET = 0x00;

    /** Response code: the target failed; neither status nor flags are valid. */
    public static final int TARGET_FAILURE = 0x01;

    private static final int OVERFLOW = 0x04;
    private static final int UNDERFLOW = 0x02;

    public ScsiResponse() {
        super(Opcode.SCSI_RESPONSE);
    }

    @Override
    ScsiResponse self() {
        return this;
    }

    /** O: {@link #residualCount()} bytes more than expected would have been moved. */
    public boolean overflow() {
        return flag(OVERFLOW);
    }

    public ScsiResponse overflow(boolean on) {
        return flag(OVERFLOW, on);
    }

    /** U: {@link #residualCount()} bytes of what was expected were not moved. */
    public boolean underflow() {
        return flag(UNDERFLOW);
    }

    public ScsiResponse underflow(boolean on) {
        return flag(UNDERFLOW, on);
    }

    /** {@link #COMPLETED_AT_TARGET}, {@link #TARGET_FAILURE} or a vendor's code. */
    public int response() {
        return uint8(2);
    }

    public ScsiResponse response(int code) {
        return uint8(2, code);
    }

    /** The SAM status byte. */
    public int status() {
        return uint8(3);
    }

    public ScsiResponse status(int code) {
        return uint8(3, code);
    }

    public int snackTag() {
        return int32(20);
    }

    public ScsiResponse snackTag(int tag) {
        return int32(20, tag);
    }

    /** Number of Data-In and R2T PDUs the target sent for the command (section 11.4.8). */
    public int expDataSn() {
        return int32(36);
    }

    public ScsiResponse expDataSn(int number) {
        return int32(36, number);
    }

    public int bidirectionalReadResidualCount() {
        return int32(40);
    }

    public ScsiResponse bidirectionalReadResidualCount(int countBytes) {
        return int32(40, countBytes);
    }

    public int residualCount() {
        return int32(44);
    }

    public ScsiResponse residualCount(int countBytes) {
        return int32(44, countBytes);
    }
}
