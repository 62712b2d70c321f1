package io.lunbridge.iscsi.session;

import java.io.Serial;

/** There is no session: it could not be had, or it is over. */
public final class SessionException extends IscsiException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why, as a caller can act on it. */
    public enum Kind {
        /** The host name has no address. */
        UNKNOWN_HOST,
        /** Nothing listens on the port. */
        CONNECTION_REFUSED,
        /** No way to the host. */
        UNREACHABLE,
        /** The target took too long to connect. */
        TIMEOUT,
        /** The target took the connection, and too long to log in. */
        LOGIN_TIMEOUT,
        /** The target says that it does not exist there. */
        TARGET_NOT_FOUND,
        /** The target wants credentials, or other ones. */
        AUTHENTICATION,
        /** The target does not let this initiator in. */
        NOT_ALLOWED,
        /** The target is there and cannot take a session now. */
        TARGET_UNAVAILABLE,
        /** The target is elsewhere. */
        MOVED,
        /** The other end does not keep to the protocol, or the two cannot agree. */
        PROTOCOL,
        /** The connection ended during login. */
        CONNECTION_LOST,
        /** A limit of ours was reached. */
        OVERLOADED,
        /** We have closed the session. */
        CLOSED
    }

    /** The login status of a failure that was none of the target's words. */
    public static final int NO_LOGIN_STATUS = -1;

    private final Kind kind;
    private final int loginStatus;

    /** Also for those who use a session and find that the target does not keep to the protocol. */
    public SessionException(Kind kind, String message) {
        this(kind, NO_LOGIN_STATUS, message);
    }

    /** The target has refused the login, with that class and detail (RFC 7143 section 11.13.5). */
    SessionException(Kind kind, int loginStatus, String message) {
        super(message);
        this.kind = kind;
        this.loginStatus = loginStatus;
    }

    /** Class and detail as they were on the wire, 16 bits, or {@link #NO_LOGIN_STATUS}. */
    public int loginStatus() {
        return loginStatus;
    }

    public Kind kind() {
        return kind;
    }
}
