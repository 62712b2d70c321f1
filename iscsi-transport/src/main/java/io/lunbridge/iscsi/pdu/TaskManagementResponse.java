package io.lunbridge.iscsi.pdu;

/** Task Management Function Response (RFC 7143 section 11.6). */
public final class TaskManagementResponse extends ResponseHeader<TaskManagementResponse> {

    public static final int FUNCTION_COMPLETE = 0;
    public static final int TASK_DOES_NOT_EXIST = 1;
    public static final int LUN_DOES_NOT_EXIST = 2;
    public static final int TASK_STILL_ALLEGIANT = 3;
    public static final int REASSIGNMENT_NOT_SUPPORTED = 4;
    public static final int FUNCTION_NOT_SUPPORTED = 5;
    public static final int AUTHORIZATION_FAILED = 6;
    public static final int FUNCTION_REJECTED = 255;

    public TaskManagementResponse() {
        super(Opcode.TASK_MANAGEMENT_RESPONSE);
    }

    @Override
    TaskManagementResponse self() {
        return this;
    }

    public int response() {
        return uint8(2);
    }

    public TaskManagementResponse response(int code) {
        return uint8(2, code);
    }
}
