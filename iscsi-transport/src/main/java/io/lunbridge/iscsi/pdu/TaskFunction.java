package io.lunbridge.iscsi.pdu;

/** Task management functions (RFC 7143 section 11.5.1). */
public enum TaskFunction {
    UNKNOWN(0),
    ABORT_TASK(1),
    ABORT_TASK_SET(2),
    CLEAR_ACA(3),
    CLEAR_TASK_SET(4),
    LOGICAL_UNIT_RESET(5),
    TARGET_WARM_RESET(6),
    TARGET_COLD_RESET(7),
    TASK_REASSIGN(8);

    private static final TaskFunction[] BY_CODE = values();

    private final int code;

    TaskFunction(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The function of {@code code}, or {@link #UNKNOWN}. */
    public static TaskFunction of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
    }
}
