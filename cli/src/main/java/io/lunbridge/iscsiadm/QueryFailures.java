package io.lunbridge.iscsiadm;

import io.lunbridge.iscsi.session.ConnectionException;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.records.DiscoveryRecord;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The one table from what goes wrong in a SendTargets discovery to open-iscsi's words, its exit code, and whether another try
 * may help (M-56, CR-6, CR-7).
 */
final class QueryFailures {

    private static final int INITIATOR_ERROR = 2;
    private static final int TARGET_ERROR = 3;
    private static final int NOT_AUTHENTICATED = 0x0201;
    private static final int NOT_AUTHORIZED = 0x0202;

    /** open-iscsi's numbers of how a login went wrong: in general, in the negotiation, in the authentication. */
    private static final int FAILED = 2;

    private static final int NEGOTIATION_FAILED = 4;
    private static final int AUTHENTICATION_FAILED = 5;

    private final Console console;
    private final DiscoveryRecord record;

    /** @param record whose portal was asked */
    QueryFailures(Console console, DiscoveryRecord record) {
        this.console = console;
        this.record = record;
    }

    /**
     * Looks the portal's name up.
     *
     * @throws CommandEnd if it means nothing: open-iscsi does not try that again
     */
    void checkHostName() throws CommandEnd {
        String host = record.address();
        try {
            var unused = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            String message = String.valueOf(e.getMessage());
            String reason = message.startsWith(host + ": ") ? message.substring(host.length() + 2) : message;
            console.error("Cannot resolve host " + host + ". getaddrinfo error: [" + reason + "]");
            console.error("cannot resolve host name " + host);
            console.error("cannot resolve host name " + host);
            throw end(ErrorCode.TRANS);
        }
    }

    /**
     * Tells what went wrong.
     *
     * @throws CommandEnd if it would go wrong again
     */
    void judge(Throwable cause) throws CommandEnd {
        if (cause instanceof SessionException refused && refused.loginStatus() != SessionException.NO_LOGIN_STATUS) {
            judge(refused.loginStatus());
        } else if (cause instanceof SessionException failed) {
            judge(failed);
        } else if (cause instanceof ConnectionException lost && lost.isByTarget()) {
            console.error("Connection to Discovery Address " + record.address() + " closed");
            throw end(ErrorCode.PDU_TIMEOUT);
        } else if (cause instanceof ConnectionException) {
            console.error("Discovery session to " + record.address() + ":" + record.port() + " timed out.");
        } else {
            console.error(String.valueOf(cause.getMessage()));
            throw end(ErrorCode.TRANS);
        }
    }

    /** By what the target said: class and detail (RFC 7143 section 11.13.5). */
    private void judge(int status) throws CommandEnd {
        String login = "discovery login to " + record.address();
        String code = String.format("%02x/%02x", status >>> 8, status & 0xff);
        if (status == NOT_AUTHENTICATED || status == NOT_AUTHORIZED) {
            if (status == NOT_AUTHENTICATED) {
                console.error("Login failed to authenticate with target ");
            }
            console.error(login + " rejected: initiator failed authorization");
            throw end(ErrorCode.LOGIN_AUTH_FAILED);
        }
        switch (status >>> 8) {
            case INITIATOR_ERROR -> {
                console.error(login + " rejected: initiator error (" + code + "), non-retryable, giving up");
                throw end(ErrorCode.FATAL_LOGIN);
            }
            case TARGET_ERROR -> console.error(login + " rejected: target error (" + code + ")");
            default ->
                console.error(login + " failed, response with unknown status class 0x"
                        + Integer.toHexString(status >>> 8) + ", detail 0x" + Integer.toHexString(status & 0xff));
        }
    }

    private void judge(SessionException cause) throws CommandEnd {
        String host = record.address();
        String message = String.valueOf(cause.getMessage());
        switch (cause.kind()) {
            case CONNECTION_REFUSED -> console.error("cannot make connection to " + host + ": Connection refused");
            case UNREACHABLE -> console.error("cannot make connection to " + host + ": " + reason(message));
            case TIMEOUT -> console.error("connect to " + host + " timed out");
            case CONNECTION_LOST -> {
                boolean isReset = message.contains("reset");
                console.error("Connection to Discovery Address " + host + (isReset ? " failed" : " closed"));
                console.error("Login I/O error, failed to receive a PDU");
                console.error("retrying discovery login to " + host);
            }
            case LOGIN_TIMEOUT -> {
                int seconds = record.number(TargetQuery.LOGIN_SECONDS);
                console.error("Login response timeout. Waited " + seconds + " seconds and did not get response PDU.");
                throw givenUp(FAILED);
            }
            // The target was to prove itself, and did not.
            case AUTHENTICATION, NOT_ALLOWED -> {
                console.error(message);
                throw givenUp(AUTHENTICATION_FAILED);
            }
            default -> {
                console.error(message);
                throw givenUp(NEGOTIATION_FAILED);
            }
        }
    }

    private static String reason(String message) {
        return message.contains("No route to host") ? "No route to host" : "Network is unreachable";
    }

    private CommandEnd givenUp(int how) {
        console.error("discovery login to " + record.address() + " failed, giving up " + how);
        return end(ErrorCode.FATAL_LOGIN);
    }

    /** The last words. */
    CommandEnd end(ErrorCode error) {
        console.error("Could not perform SendTargets discovery: " + error.text());
        return new CommandEnd(error);
    }
}
