package io.lunbridge.iscsi.target;

import io.lunbridge.scsi.AdditionalSense;
import io.netty.buffer.ByteBuf;
import java.io.Serial;

/** A command ends with CHECK CONDITION and this sense. */
final class CheckCondition extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Bytes of the data segment that {@link #write} makes: a length, then fixed format sense. */
    static final int SEGMENT_BYTES = 2 + 18;

    static final int ILLEGAL_REQUEST = 0x05;
    static final int UNIT_ATTENTION = 0x06;
    static final int DATA_PROTECT = 0x07;
    static final int ABORTED_COMMAND = 0x0b;
    static final int MISCOMPARE = 0x0e;

    static final int POWER_ON = 0x2900;
    static final int SAVING_NOT_SUPPORTED = 0x3900;
    static final int MISCOMPARE_DURING_VERIFY = 0x1d00;
    static final int PARAMETER_LIST_LENGTH = 0x1a00;
    static final int CRC_ERROR = 0x4705;

    private final int key;
    private final int additional;

    CheckCondition(int key, int additional) {
        super(Integer.toHexString(key << 16 | additional), null, false, false);
        this.key = key;
        this.additional = additional;
    }

    static CheckCondition invalidField() {
        return new CheckCondition(ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB);
    }

    static CheckCondition invalidParameter() {
        return new CheckCondition(ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    static CheckCondition outOfSpace() {
        return new CheckCondition(DATA_PROTECT, AdditionalSense.SPACE_ALLOCATION_FAILED);
    }

    /** Appends sense data in fixed format (SPC-4 4.5.3). */
    static void writeFixed(ByteBuf out, int keyCode, int additional) {
        out.writeByte(0x70).writeByte(0).writeByte(keyCode).writeInt(0).writeByte(10);
        out.writeInt(0).writeShort(additional).writeInt(0);
    }

    /** Appends the data segment of a SCSI Response. */
    void write(ByteBuf out) {
        out.writeShort(SEGMENT_BYTES - 2);
        writeFixed(out, key, additional);
    }
}
