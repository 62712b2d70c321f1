package io.lunbridge.iscsi.session;

import java.io.Serial;

/** The connection was lost or had to be dropped; what the target did with the commands on it is not known. */
public final class ConnectionException extends IscsiException {

    /** The target has not said how long to wait: the negotiated DefaultTime2Wait holds. */
    public static final int DEFAULT_TIME2WAIT = -1;

    @Serial
    private static final long serialVersionUID = 1L;

    /** What ended it. */
    public enum Reason {
        /** The other end, and not because we had found fault with it. */
        TARGET,
        /** The other end was silent for too long. */
        SILENCE,
        /** A command that could not be aborted in any other way. */
        ERROR_HANDLING,
        /** We have found fault with the other end, or with the connection. */
        FAULT
    }

    private final int reconnectAfterSeconds;
    private final Reason reason;

    ConnectionException(String message) {
        this(Reason.FAULT, message);
    }

    ConnectionException(Reason reason, String message) {
        this(message, DEFAULT_TIME2WAIT, reason);
    }

    ConnectionException(String message, int reconnectAfterSeconds) {
        this(message, reconnectAfterSeconds, Reason.FAULT);
    }

    private ConnectionException(String message, int reconnectAfterSeconds, Reason reason) {
        super(message);
        this.reconnectAfterSeconds = reconnectAfterSeconds;
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The other end has ended it, and not because we had found fault with it. */
    static ConnectionException byTarget(String message, int reconnectAfterSeconds) {
        return new ConnectionException(message, reconnectAfterSeconds, Reason.TARGET);
    }

    /** Whether the other end closed it, as a target does when the session is taken over by another login. */
    public boolean isByTarget() {
        return reason == Reason.TARGET;
    }

    /** What the target has asked to wait for before it is connected to again; else {@link #DEFAULT_TIME2WAIT}. */
    public int reconnectAfterSeconds() {
        return reconnectAfterSeconds;
    }
}
