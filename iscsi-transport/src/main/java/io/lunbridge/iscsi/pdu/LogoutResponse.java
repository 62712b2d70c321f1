package io.lunbridge.iscsi.pdu;

/** Logout Response (RFC 7143 section 11.15). */
public final class LogoutResponse extends ResponseHeader<LogoutResponse> {

    public static final int CLOSED = 0;
    public static final int CONNECTION_NOT_FOUND = 1;
    public static final int RECOVERY_NOT_SUPPORTED = 2;
    public static final int CLEANUP_FAILED = 3;

    public LogoutResponse() {
        super(Opcode.LOGOUT_RESPONSE);
    }

    @Override
    LogoutResponse self() {
        return this;
    }

    public int response() {
        return uint8(2);
    }

    public LogoutResponse response(int code) {
        return uint8(2, code);
    }

    /** Seconds to wait before reinstating or reassigning. */
    public int time2WaitSeconds() {
        return uint16(40);
    }

    public LogoutResponse time2WaitSeconds(int seconds) {
        return uint16(40, seconds);
    }

    /** Seconds after that wait during which tasks can be reassigned. */
    public int time2RetainSeconds() {
        return uint16(42);
    }

    public LogoutResponse time2RetainSeconds(int seconds) {
        return uint16(42, seconds);
    }
}
