package io.lunbridge.daemon;

import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.Timeouts;

/**
 * How patient a disk is with its target.
 *
 * @param recovery what becomes of requests while there is no session
 * @param timeouts when a session is given up
 */
public record SessionSettings(RecoveryPolicy recovery, Timeouts timeouts) {

    public static final SessionSettings DEFAULT = new SessionSettings(RecoveryPolicy.DEFAULT, Timeouts.DEFAULT);

    SessionConfig applyTo(SessionConfig config) {
        return config.withTimeouts(timeouts);
    }
}
