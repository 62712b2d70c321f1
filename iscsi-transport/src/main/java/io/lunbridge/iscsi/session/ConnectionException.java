package io.lunbridge.iscsi.session;

import java.io.Serial;

/** The connection was lost or had to be dropped; what the target did with the commands on it is not known. */
public final class ConnectionException extends IscsiException {

    /** The target has not said how long to wait: the negotiated DefaultTime2Wait holds. */
    public static final int DEFAULT_TIME2WAIT = -1;

    @Serial
    private static final long serialVersionUID = 1L;

    private final int reconnectAfterSeconds;
    private final boolean byTarget;

    ConnectionException(String message) {
        this(message, DEFAULT_TIME2WAIT);
    }

    ConnectionException(String message, int reconnectAfterSeconds) {
        this(message, reconnectAfterSeconds, false);
    }

    private ConnectionException(String message, int reconnectAfterSeconds, boolean byTarget) {
        super(message);
        this.reconnectAfterSeconds = reconnectAfterSeconds;
        this.byTarget = byTarget;
    }

    /** The other end has ended it, and not because we had found fault with it. */
    static ConnectionException byTarget(String message, int reconnectAfterSeconds) {
        return new ConnectionException(message, reconnectAfterSeconds, true);
    }

    /** Whether the other end closed it, as a target does when the session is taken over by another login. */
    public boolean isByTarget() {
        return byTarget;
    }

    /** What the target has asked to wait for before it is connected to again; else {@link #DEFAULT_TIME2WAIT}. */
    public int reconnectAfterSeconds() {
        return reconnectAfterSeconds;
    }
}
