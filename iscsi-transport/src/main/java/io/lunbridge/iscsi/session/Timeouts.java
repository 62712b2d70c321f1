package io.lunbridge.iscsi.session;

/**
 * How long a session waits.
 *
 * @param openMillis for the connection, and again for the login
 * @param pingIntervalSeconds silence after which the target is pinged; 0 never
 * @param pingTimeoutSeconds further silence after which the connection is dropped
 * @param commandSeconds time without progress of a command after which the connection is dropped
 * @param logoutMillis for the target's answer to a logout
 */
public record Timeouts(
        int openMillis, int pingIntervalSeconds, int pingTimeoutSeconds, int commandSeconds, int logoutMillis) {

    public static final Timeouts DEFAULT = new Timeouts(15_000, 5, 5, 60, 2_000);

    /** For a discovery session, in which a target takes no pings (RFC 7143 section 4.3). */
    public Timeouts withoutPings() {
        return new Timeouts(openMillis, 0, pingTimeoutSeconds, commandSeconds, logoutMillis);
    }
}
