package io.lunbridge.iscsi.pdu;

/** Logout Request (RFC 7143 section 11.14). */
public final class LogoutRequest extends RequestHeader<LogoutRequest> {

    private static final int REASON = 0x7f;

    public LogoutRequest() {
        super(Opcode.LOGOUT_REQUEST);
    }

    @Override
    LogoutRequest self() {
        return this;
    }

    public LogoutReason reason() {
        return LogoutReason.of(uint8(FLAGS_OFFSET) & REASON);
    }

    public LogoutRequest reason(LogoutReason reason) {
        return flagBits(REASON, reason.code());
    }

    /** The connection to close; not valid when the session is closed. */
    public int connectionId() {
        return uint16(20);
    }

    public LogoutRequest connectionId(int id) {
        return uint16(20, id);
    }
}
