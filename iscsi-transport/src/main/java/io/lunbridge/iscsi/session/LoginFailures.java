package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.LoginStatus;
import io.lunbridge.iscsi.session.SessionException.Kind;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** The one table from what goes wrong before there is a session to why there is none. */
final class LoginFailures {

    private static final int TARGET_ERROR_CLASS = 3;

    private LoginFailures() {}

    /** An outcome other than success. */
    static SessionException of(LoginTrial trial, LoginOutcome outcome) {
        if (outcome instanceof LoginOutcome.Redirected redirected) {
            return new SessionException(Kind.MOVED, trial + ": the target has moved to " + redirected.address());
        }
        if (outcome instanceof LoginOutcome.Refused refused) {
            String why = refused.status().meaning() + String.format(" (login status %04x)", refused.code());
            return new SessionException(kind(trial, refused), refused.code(), trial + ": " + why);
        }
        if (outcome instanceof LoginOutcome.NotAuthenticated distrust) {
            return new SessionException(Kind.AUTHENTICATION, trial + ": " + distrust.reason());
        }
        String reason = outcome instanceof LoginOutcome.Failed failed ? failed.reason() : outcome.toString();
        return new SessionException(Kind.PROTOCOL, trial + ": the login failed: " + reason);
    }

    private static Kind kind(LoginTrial trial, LoginOutcome.Refused refused) {
        LoginStatus status = refused.status();
        return switch (status) {
            case NOT_FOUND, TARGET_REMOVED -> Kind.TARGET_NOT_FOUND;
            case AUTHENTICATION_FAILURE -> Kind.AUTHENTICATION;
            case AUTHORIZATION_FAILURE -> Kind.NOT_ALLOWED;
            case INITIATOR_ERROR ->
                trial.parameters().authentication() instanceof ChapAuthentication
                        ? Kind.AUTHENTICATION
                        : Kind.NOT_ALLOWED;
            default -> refused.code() >>> 8 == TARGET_ERROR_CLASS ? Kind.TARGET_UNAVAILABLE : Kind.PROTOCOL;
        };
    }

    /** A connection that did not come about. */
    static SessionException ofConnect(TargetAddress portal, Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return new SessionException(Kind.UNKNOWN_HOST, "the host name " + portal.host() + " has no address");
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof SocketTimeoutException) {
            return new SessionException(Kind.TIMEOUT, portal + " does not answer");
        }
        boolean refused = cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused");
        return refused
                ? new SessionException(
                        Kind.CONNECTION_REFUSED, "nothing listens at " + portal + " (connection refused)")
                : new SessionException(Kind.UNREACHABLE, portal + " cannot be reached: " + cause.getMessage());
    }
}
