package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException;

/** The one table from why there is no session to what the user is told and the exit code. */
final class SessionFailures {

    private SessionFailures() {}

    static CommandException of(SessionConfig config, SessionException cause) {
        return new CommandException(exitCode(cause), cause.getMessage() + advice(config, cause), cause);
    }

    private static ExitCode exitCode(SessionException cause) {
        return switch (cause.kind()) {
            case UNKNOWN_HOST, CONNECTION_REFUSED, UNREACHABLE, TIMEOUT, LOGIN_TIMEOUT, CONNECTION_LOST ->
                ExitCode.UNREACHABLE;
            case TARGET_NOT_FOUND -> ExitCode.NO_SUCH_TARGET;
            case AUTHENTICATION, NOT_ALLOWED, TARGET_UNAVAILABLE, MOVED -> ExitCode.LOGIN_REFUSED;
            case PROTOCOL, OVERLOADED, CLOSED -> ExitCode.FAILURE;
        };
    }

    private static String advice(SessionConfig config, SessionException cause) {
        return switch (cause.kind()) {
            case UNKNOWN_HOST -> "; check the name, or use an address";
            case CONNECTION_REFUSED -> "; check the port, and that the target runs";
            case UNREACHABLE, TIMEOUT, LOGIN_TIMEOUT, CONNECTION_LOST -> "; check the address, and the network to it";
            case TARGET_NOT_FOUND -> "; 'lunbridge discover " + Sessions.portal(config) + "' lists the targets there";
            case AUTHENTICATION ->
                config.login().authentication() instanceof ChapAuthentication
                        ? "; check CHAP user names and secrets"
                        : "; CHAP credentials go into the URL, a --chap-file or the environment (see --help)";
            case NOT_ALLOWED ->
                "; allow the initiator name " + config.login().identity().initiatorName() + " at the target";
            case TARGET_UNAVAILABLE -> "; try again later";
            case MOVED -> "; use that address";
            case PROTOCOL, OVERLOADED, CLOSED -> "; -vv tells more";
        };
    }
}
