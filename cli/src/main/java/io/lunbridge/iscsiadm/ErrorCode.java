package io.lunbridge.iscsiadm;

/**
 * How an operation ended: the number is the exit code, the text what stands in
 * {@code initiator reported error (N - text)}. Clients depend on both (CR-2), so they are open-iscsi's to the letter.
 */
enum ErrorCode {
    SUCCESS(""),
    UNKNOWN("unknown error"),
    SESS_NOT_FOUND("session not found"),
    NOMEM("no available memory"),
    TRANS("encountered connection failure"),
    LOGIN("encountered iSCSI login failure"),
    IDBM("encountered iSCSI database failure"),
    INVAL("invalid parameter"),
    TRANS_TIMEOUT("connection timed out"),
    INTERNAL("internal error"),
    LOGOUT("encountered iSCSI logout failure"),
    PDU_TIMEOUT("iSCSI PDU timed out"),
    TRANS_NOT_FOUND("iSCSI driver not found. Please make sure it is loaded, and retry the operation"),
    ACCESS("daemon access denied"),
    TRANS_CAPS("iSCSI driver does not support requested capability."),
    SESS_EXISTS("session exists"),
    INVALID_MGMT_REQ("Unknown request"),
    ISNS_UNAVAILABLE("iSNS service not supported"),
    ISCSID_COMM_ERR("could not communicate to iscsid"),
    FATAL_LOGIN("encountered non-retryable iSCSI login failure"),
    ISCSID_NOTCONN("could not connect to iscsid"),
    NO_OBJS_FOUND("no objects found"),
    SYSFS_LOOKUP("sysfs lookup failure"),
    HOST_NOT_FOUND("host not found"),
    LOGIN_AUTH_FAILED("iSCSI login failed due to authorization failure"),
    ISNS_QUERY("iSNS query failed"),
    ISNS_REG_FAILED("iSNS registration failed"),
    OP_NOT_SUPP("operation not supported"),
    BUSY("device or resource in use"),
    AGAIN("operation failed but retry may succeed"),
    UNKNOWN_DISCOVERY_TYPE("unknown discovery type"),
    CHILD_TERMINATED("child process terminated"),
    SESSION_NOT_CONNECTED("target likely not connected"),
    REQ_TIMEDOUT("iscsid request timed out");

    private static final ErrorCode[] BY_NUMBER = values();

    private final String text;

    ErrorCode(String text) {
        this.text = text;
    }

    /** 0 to 33. */
    int number() {
        return ordinal();
    }

    String text() {
        return text;
    }

    /** The one of that number, which may come from another program. */
    static ErrorCode of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }

    /** This one, unless it is {@link #SUCCESS}: of several outcomes the first failure is the exit code. */
    ErrorCode or(ErrorCode later) {
        return this == SUCCESS ? later : this;
    }
}
