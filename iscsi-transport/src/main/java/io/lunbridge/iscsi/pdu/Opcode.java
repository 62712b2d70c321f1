package io.lunbridge.iscsi.pdu;

import org.jspecify.annotations.Nullable;

/** The opcodes of RFC 7143 section 11.2.1.2. */
public enum Opcode {
    NOP_OUT(0x00),
    SCSI_COMMAND(0x01),
    TASK_MANAGEMENT_REQUEST(0x02),
    LOGIN_REQUEST(0x03),
    TEXT_REQUEST(0x04),
    DATA_OUT(0x05),
    LOGOUT_REQUEST(0x06),
    SNACK_REQUEST(0x10),
    NOP_IN(0x20),
    SCSI_RESPONSE(0x21),
    TASK_MANAGEMENT_RESPONSE(0x22),
    LOGIN_RESPONSE(0x23),
    TEXT_RESPONSE(0x24),
    DATA_IN(0x25),
    LOGOUT_RESPONSE(0x26),
    READY_TO_TRANSFER(0x31),
    ASYNC_MESSAGE(0x32),
    REJECT(0x3f);

    private static final int FIRST_OF_TARGET = 0x20;
    private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[0x40];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;

    Opcode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether the target sends it; else the initiator does. */
    public boolean fromTarget() {
        return code >= FIRST_OF_TARGET;
    }

    /** The opcode of a header's first byte, whatever its two upper bits are; null if it is unassigned. */
    public static @Nullable Opcode ofFirstByte(int firstByte) {
        return BY_CODE[firstByte & BasicHeader.OPCODE_MASK];
    }
}
