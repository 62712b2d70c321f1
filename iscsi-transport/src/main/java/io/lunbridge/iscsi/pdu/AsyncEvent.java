package io.lunbridge.iscsi.pdu;

/** What an Asynchronous Message tells (RFC 7143 section 11.9.1). */
public enum AsyncEvent {
    /** Sense data is in the data segment. */
    SCSI_EVENT(0),
    /** Log out within Parameter3 seconds. */
    LOGOUT_REQUEST(1),
    /** The target drops connection Parameter1; wait Parameter2 seconds before reconnecting. */
    CONNECTION_DROP(2),
    /** The target drops all connections; wait Parameter2 seconds before reconnecting. */
    SESSION_DROP(3),
    /** Negotiate by Text Request within Parameter3 seconds. */
    NEGOTIATION_REQUEST(4),
    /** All tasks of the LU are being terminated. */
    TASK_TERMINATION(5),
    /** A vendor's event, or an unassigned one. */
    OTHER(255);

    private static final AsyncEvent[] BY_CODE = values();

    private final int code;

    AsyncEvent(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static AsyncEvent of(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : OTHER;
    }
}
