package io.lunbridge.iscsi.negotiation;

import java.io.Serial;

/** The peer's text is malformed, or a value of it breaks the rules: the login or the text exchange fails. */
public final class NegotiationException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    public NegotiationException(String message) {
        super(message, null, false, false);
    }
}
