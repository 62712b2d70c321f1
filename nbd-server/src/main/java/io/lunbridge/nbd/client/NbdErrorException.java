package io.lunbridge.nbd.client;

import java.io.IOException;
import java.io.Serial;

/** The server answered a request with an error; the connection is still good. */
public final class NbdErrorException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int number;

    NbdErrorException(int number, String message) {
        super(message);
        this.number = number;
    }

    /** The NBD error value, as {@code NbdError.number()}. */
    public int number() {
        return number;
    }
}
