package io.lunbridge.nbd.handshake;

import java.io.Serial;

/** An option's data does not have the form that the standard gives it. */
final class MalformedOptionException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedOptionException(String message) {
        super(message, null, false, false);
    }
}
