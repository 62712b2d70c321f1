package io.lunbridge.iscsi.pdu;

/** SAM task attributes as a SCSI Command carries them (RFC 7143 section 11.3.1). */
public enum TaskAttribute {
    UNTAGGED,
    SIMPLE,
    ORDERED,
    HEAD_OF_QUEUE,
    ACA,
    /** One of the reserved codes 5 to 7; never sent. */
    RESERVED;

    private static final TaskAttribute[] BY_CODE = {
        UNTAGGED, SIMPLE, ORDERED, HEAD_OF_QUEUE, ACA, RESERVED, RESERVED, RESERVED
    };

    static TaskAttribute of(int code) {
        return BY_CODE[code];
    }

    int code() {
        return switch (this) {
            case UNTAGGED -> 0;
            case SIMPLE -> 1;
            case ORDERED -> 2;
            case HEAD_OF_QUEUE -> 3;
            case ACA -> 4;
            case RESERVED -> 7;
        };
    }
}
