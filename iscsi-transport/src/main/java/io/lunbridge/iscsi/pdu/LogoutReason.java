package io.lunbridge.iscsi.pdu;

/** Why the initiator logs out (RFC 7143 section 11.14.1). */
public enum LogoutReason {
    CLOSE_SESSION(0),
    CLOSE_CONNECTION(1),
    REMOVE_CONNECTION_FOR_RECOVERY(2),
    UNKNOWN(0x7f);

    private final int code;

    LogoutReason(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static LogoutReason of(int code) {
        return switch (code) {
            case 0 -> CLOSE_SESSION;
            case 1 -> CLOSE_CONNECTION;
            case 2 -> REMOVE_CONNECTION_FOR_RECOVERY;
            default -> UNKNOWN;
        };
    }
}
