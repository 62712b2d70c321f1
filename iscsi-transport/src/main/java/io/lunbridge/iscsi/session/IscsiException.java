package io.lunbridge.iscsi.session;

import java.io.Serial;

/**
 * A failure, sorted by what dies of it: one task, its connection with every task on it, or the whole session.
 *
 * <p>Carries no stack trace: it tells of a peer, not of a bug. The message is a clause for people.
 */
public abstract sealed class IscsiException extends Exception
        permits TaskException, ConnectionException, SessionException {

    @Serial
    private static final long serialVersionUID = 1L;

    IscsiException(String message) {
        super(message, null, false, false);
    }
}
