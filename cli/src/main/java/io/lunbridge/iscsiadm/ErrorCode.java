package io.lunbridge.iscsiadm;

/**
 * How an operation ended: the number is the exit code, the text what stands in
 * {@code initiator reported error (N - text)}. Clients depend on both (CR-2), so they are open-iscsi's to the letter.
 */
enum ErrorCode {
    SUCCESS(0, ""),
    UNKNOWN(1, "unknown error"),
    SESS_NOT_FOUND(2, "session not found"),
    NOMEM(3, "no available memory"),
    TRANS(4, "encountered connection failure"),
    LOGIN(5, "encountered iSCSI login failure"),
    IDBM(6, "encountered iSCSI database failure"),
    INVAL(7, "invalid parameter"),
    TRANS_TIMEOUT(8, "connection timed out"),
    INTERNAL(9, "internal error"),
    LOGOUT(10, "encountered iSCSI logout failure"),
    PDU_TIMEOUT(11, "iSCSI PDU timed out"),
    TRANS_NOT_FOUND(12, "iSCSI driver not found. Please make sure it is loaded, and retry the operation"),
    ACCESS(13, "daemon access denied"),
    TRANS_CAPS(14, "iSCSI driver does not support requested capability."),
    SESS_EXISTS(15, "session exists"),
    INVALID_MGMT_REQ(16, "Unknown request"),
    ISNS_UNAVAILABLE(17, "iSNS service not supported"),
    ISCSID_COMM_ERR(18, "could not communicate to iscsid"),
    FATAL_LOGIN(19, "encountered non-retryable iSCSI login failure"),
    ISCSID_NOTCONN(20, "could not connect to iscsid"),
    NO_OBJS_FOUND(21, "no objects found"),
    SYSFS_LOOKUP(22, "sysfs lookup failure"),
    HOST_NOT_FOUND(23, "host not found"),
    LOGIN_AUTH_FAILED(24, "iSCSI login failed due to authorization failure"),
    ISNS_QUERY(25, "iSNS query failed"),
    ISNS_REG_FAILED(26, "iSNS registration failed"),
    OP_NOT_SUPP(27, "operation not supported"),
    BUSY(28, "device or resource in use"),
    AGAIN(29, "operation failed but retry may succeed"),
    UNKNOWN_DISCOVERY_TYPE(30, "unknown discovery type"),
    CHILD_TERMINATED(31, "child process terminated"),
    SESSION_NOT_CONNECTED(32, "target likely not connected"),
    REQ_TIMEDOUT(33, "iscsid request timed out");

    private static final ErrorCode[] BY_NUMBER = values();

    private final int number;
    private final String text;

    ErrorCode(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** 0 to 33. */
    int number() {
        return number;
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
