package io.lunbridge.scripted;

/** SCSI status and sense bytes, from SAM-5 and SPC-4. */
public final class Scsi {

    public static final int GOOD = 0x00;
    public static final int CHECK_CONDITION = 0x02;
    public static final int BUSY = 0x08;
    public static final int RESERVATION_CONFLICT = 0x18;
    public static final int TASK_SET_FULL = 0x28;
    public static final int TASK_ABORTED = 0x40;

    public static final int NOT_READY = 0x02;
    public static final int MEDIUM_ERROR = 0x03;
    public static final int HARDWARE_ERROR = 0x04;
    public static final int ILLEGAL_REQUEST = 0x05;
    public static final int UNIT_ATTENTION = 0x06;
    public static final int DATA_PROTECT = 0x07;
    public static final int ABORTED_COMMAND = 0x0b;

    private Scsi() {}

    /** A SCSI Response's data segment: the length of the sense data, and sense data in fixed format (SPC-4 4.5.3). */
    public static byte[] fixedSense(int senseKey, int additionalSenseCode, int qualifier) {
        byte[] segment = new byte[2 + 18];
        segment[1] = 18;
        segment[2] = 0x70;
        segment[2 + 2] = (byte) senseKey;
        segment[2 + 7] = 10;
        segment[2 + 12] = (byte) additionalSenseCode;
        segment[2 + 13] = (byte) qualifier;
        return segment;
    }

    /** The same in descriptor format, without descriptors (SPC-4 4.5.2). */
    public static byte[] descriptorSense(int senseKey, int additionalSenseCode, int qualifier) {
        byte[] segment = new byte[2 + 8];
        segment[1] = 8;
        segment[2] = 0x72;
        segment[3] = (byte) senseKey;
        segment[4] = (byte) additionalSenseCode;
        segment[5] = (byte) qualifier;
        return segment;
    }
}
