package io.lunbridge.iscsi.session;

/**
 * How long a session waits.
 *
 * @param openMillis for the connection, and again for the login
 * @param pingIntervalSeconds silence after which the target is pinged; 0 never
 * @param pingTimeoutSeconds further silence after which the connection is dropped; 0 the default, where there are pings
 * @param ladder when a command is given up, and how
 * @param logoutMillis for the target's answer to a logout
 */
public record Timeouts(
        int openMillis, int pingIntervalSeconds, int pingTimeoutSeconds, Ladder ladder, int logoutMillis) {

    public static final Timeouts DEFAULT = new Timeouts(15_000, 5, 5, Ladder.DEFAULT, 2_000);

    /**
     * The steps of error handling: ABORT TASK, LOGICAL UNIT RESET, TARGET WARM RESET, then the connection is dropped.
     *
     * @param commandSeconds time without progress of a command after which it is to be aborted
     * @param abortSeconds for the answer to an ABORT TASK
     * @param lunResetSeconds for the answer to a LOGICAL UNIT RESET
     * @param targetResetSeconds for the answer to a TARGET WARM RESET
     * @param fastAbort whether R2Ts of affected tasks are left unanswered as soon as such a request is out
     */
    public record Ladder(
            int commandSeconds, int abortSeconds, int lunResetSeconds, int targetResetSeconds, boolean fastAbort) {

        public static final Ladder DEFAULT = new Ladder(60, 15, 30, 30, true);

        public Ladder withCommandSeconds(int seconds) {
            return new Ladder(seconds, abortSeconds, lunResetSeconds, targetResetSeconds, fastAbort);
        }

        public Ladder withAbortSeconds(int seconds) {
            return new Ladder(commandSeconds, seconds, lunResetSeconds, targetResetSeconds, fastAbort);
        }

        public Ladder withLunResetSeconds(int seconds) {
            return new Ladder(commandSeconds, abortSeconds, seconds, targetResetSeconds, fastAbort);
        }

        public Ladder withTargetResetSeconds(int seconds) {
            return new Ladder(commandSeconds, abortSeconds, lunResetSeconds, seconds, fastAbort);
        }

        public Ladder withFastAbort(boolean on) {
            return new Ladder(commandSeconds, abortSeconds, lunResetSeconds, targetResetSeconds, on);
        }
    }

    /** With the ladder's other steps by default. */
    public Timeouts(
            int openMillis, int pingIntervalSeconds, int pingTimeoutSeconds, int commandSeconds, int logoutMillis) {
        this(
                openMillis,
                pingIntervalSeconds,
                pingTimeoutSeconds,
                Ladder.DEFAULT.withCommandSeconds(commandSeconds),
                logoutMillis);
    }

    public int commandSeconds() {
        return ladder.commandSeconds();
    }

    /** For a discovery session, in which a target takes no pings (RFC 7143 section 4.3). */
    public Timeouts withoutPings() {
        return withPings(0, pingTimeoutSeconds);
    }

    public Timeouts withPings(int intervalSeconds, int timeoutSeconds) {
        return new Timeouts(openMillis, intervalSeconds, timeoutSeconds, ladder, logoutMillis);
    }

    public Timeouts withOpenMillis(int millis) {
        return new Timeouts(millis, pingIntervalSeconds, pingTimeoutSeconds, ladder, logoutMillis);
    }

    public Timeouts withLadder(Ladder newLadder) {
        return new Timeouts(openMillis, pingIntervalSeconds, pingTimeoutSeconds, newLadder, logoutMillis);
    }

    public Timeouts withLogoutMillis(int millis) {
        return new Timeouts(openMillis, pingIntervalSeconds, pingTimeoutSeconds, ladder, millis);
    }
}
