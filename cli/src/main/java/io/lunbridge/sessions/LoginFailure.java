package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.iscsi.session.SessionException;

/**
 * Why a login has failed, in open-iscsi's terms, and whether the next one may succeed: the one table for it (M-120, M-121).
 *
 * @param error what iscsiadm ends with if it is not tried again
 * @param passes whether it is tried again at all
 */
record LoginFailure(IscsiError error, boolean passes) {

    private static final int AUTHENTICATION_STATUS = 0x0201;
    private static final int AUTHORIZATION_STATUS = 0x0202;
    private static final int TARGET_ERROR_CLASS = 3;

    static LoginFailure of(CommandException failure) {
        if (!(failure.getCause() instanceof SessionException cause)) {
            return new LoginFailure(IscsiError.INTERNAL, false);
        }
        return cause.loginStatus() == SessionException.NO_LOGIN_STATUS
                ? of(cause.kind())
                : ofStatus(cause.loginStatus());
    }

    private static LoginFailure ofStatus(int status) {
        if (status == AUTHENTICATION_STATUS || status == AUTHORIZATION_STATUS) {
            return new LoginFailure(IscsiError.LOGIN_AUTHENTICATION, false);
        }
        return status >>> 8 == TARGET_ERROR_CLASS
                ? new LoginFailure(IscsiError.LOGIN, true)
                : new LoginFailure(IscsiError.FATAL_LOGIN, false);
    }

    private static LoginFailure of(SessionException.Kind kind) {
        return switch (kind) {
            case CONNECTION_REFUSED, UNREACHABLE, TIMEOUT, UNKNOWN_HOST ->
                new LoginFailure(IscsiError.TRANSPORT_TIMEOUT, true);
            case LOGIN_TIMEOUT -> new LoginFailure(IscsiError.PDU_TIMEOUT, true);
            case CONNECTION_LOST -> new LoginFailure(IscsiError.TRANSPORT, true);
            case TARGET_UNAVAILABLE, MOVED -> new LoginFailure(IscsiError.LOGIN, true);
            case PROTOCOL -> new LoginFailure(IscsiError.LOGIN, false);
            case TARGET_NOT_FOUND -> new LoginFailure(IscsiError.FATAL_LOGIN, false);
            case AUTHENTICATION, NOT_ALLOWED -> new LoginFailure(IscsiError.LOGIN_AUTHENTICATION, false);
            case OVERLOADED, CLOSED -> new LoginFailure(IscsiError.INTERNAL, false);
        };
    }
}
