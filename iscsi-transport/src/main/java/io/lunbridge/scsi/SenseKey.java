package io.lunbridge.scsi;

/** Sense keys (SPC-4 4.5.6); the ordinal is the code. */
public enum SenseKey {
    NO_SENSE,
    RECOVERED_ERROR,
    NOT_READY,
    MEDIUM_ERROR,
    HARDWARE_ERROR,
    ILLEGAL_REQUEST,
    UNIT_ATTENTION,
    DATA_PROTECT,
    BLANK_CHECK,
    VENDOR_SPECIFIC,
    COPY_ABORTED,
    ABORTED_COMMAND,
    RESERVED,
    VOLUME_OVERFLOW,
    MISCOMPARE,
    COMPLETED;

    private static final SenseKey[] BY_CODE = values();

    /** The key of a code, of which only the low four bits count. */
    static SenseKey of(int code) {
        return BY_CODE[code & 0x0f];
    }
}
