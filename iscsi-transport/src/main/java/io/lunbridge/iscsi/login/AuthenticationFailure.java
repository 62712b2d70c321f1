package io.lunbridge.iscsi.login;

import java.io.Serial;

/** The security stage cannot come to a good end, as far as we can see it. */
final class AuthenticationFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    AuthenticationFailure(String message) {
        super(message, null, false, false);
    }
}
