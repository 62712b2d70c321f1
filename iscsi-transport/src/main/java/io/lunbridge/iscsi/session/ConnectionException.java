package io.lunbridge.iscsi.session;

import java.io.Serial;

/** The connection was lost or had to be dropped; what the target did with the commands on it is not known. */
public final class ConnectionException extends IscsiException {

    @Serial
    private static final long serialVersionUID = 1L;

    ConnectionException(String message) {
        super(message);
    }
}
