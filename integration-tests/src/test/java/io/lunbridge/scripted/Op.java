package io.lunbridge.scripted;

/** The opcodes of RFC 7143 section 11.2.1.2 and the SCSI operation codes that the scripts name. */
public final class Op {

    public static final int NOP_OUT = 0x00;
    public static final int SCSI_COMMAND = 0x01;
    public static final int TASK_MANAGEMENT = 0x02;
    public static final int LOGIN = 0x03;
    public static final int TEXT = 0x04;
    public static final int DATA_OUT = 0x05;
    public static final int LOGOUT = 0x06;

    public static final int NOP_IN = 0x20;
    public static final int SCSI_RESPONSE = 0x21;
    public static final int TASK_MANAGEMENT_RESPONSE = 0x22;
    public static final int LOGIN_RESPONSE = 0x23;
    public static final int TEXT_RESPONSE = 0x24;
    public static final int DATA_IN = 0x25;
    public static final int LOGOUT_RESPONSE = 0x26;
    public static final int R2T = 0x31;
    public static final int ASYNC_MESSAGE = 0x32;
    public static final int REJECT = 0x3f;

    public static final int TEST_UNIT_READY = 0x00;
    public static final int INQUIRY = 0x12;
    public static final int MODE_SENSE_6 = 0x1a;
    public static final int READ_CAPACITY_10 = 0x25;
    public static final int READ_10 = 0x28;
    public static final int WRITE_10 = 0x2a;
    public static final int SYNCHRONIZE_CACHE_10 = 0x35;
    public static final int MODE_SENSE_10 = 0x5a;
    public static final int READ_16 = 0x88;
    public static final int WRITE_16 = 0x8a;
    public static final int SYNCHRONIZE_CACHE_16 = 0x91;
    public static final int SERVICE_ACTION_IN_16 = 0x9e;
    public static final int REPORT_LUNS = 0xa0;

    private Op() {}

    public static boolean isRead(RawPdu pdu) {
        return isCommand(pdu, READ_10) || isCommand(pdu, READ_16);
    }

    public static boolean isWrite(RawPdu pdu) {
        return isCommand(pdu, WRITE_10) || isCommand(pdu, WRITE_16);
    }

    public static boolean isCommand(RawPdu pdu, int operationCode) {
        return pdu.opcode() == SCSI_COMMAND && pdu.operationCode() == operationCode;
    }
}
