package io.lunbridge.daemon;

import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.Timeouts;

/**
 * How patient a disk is with its target, and how careful.
 *
 * @param recovery what becomes of requests while there is no session
 * @param timeouts when a session is given up
 * @param digests how what goes over the wire is protected
 */
public record SessionSettings(RecoveryPolicy recovery, Timeouts timeouts, DigestSettings digests) {

    public static final SessionSettings DEFAULT =
            new SessionSettings(RecoveryPolicy.DEFAULT, Timeouts.DEFAULT, DigestSettings.DEFAULT);

    public SessionSettings withDigests(DigestSettings newDigests) {
        return new SessionSettings(recovery, timeouts, newDigests);
    }

    SessionConfig applyTo(SessionConfig config) {
        return digests.applyTo(config).withTimeouts(timeouts);
    }
}
