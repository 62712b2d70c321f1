package io.lunbridge.daemon;

import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.Timeouts;

/**
 * How a disk deals with its target: how patient, how careful, and as whom.
 *
 * @param recovery what becomes of requests while there is no session
 * @param timeouts when a session is given up
 * @param digests how what goes over the wire is protected
 * @param chap how we prove who we are
 * @param keepsIsid whether the session's ISID is kept on disk, so that a process started after this one was killed takes
 *     the session over
 */
public record SessionSettings(
        RecoveryPolicy recovery, Timeouts timeouts, DigestSettings digests, ChapSettings chap, boolean keepsIsid) {

    /** All as it is by default, for a command that ends by itself and leaves nothing behind. */
    public static final SessionSettings BRIEF = new SessionSettings(
            RecoveryPolicy.DEFAULT, Timeouts.DEFAULT, DigestSettings.DEFAULT, ChapSettings.NONE, false);

    /** For measuring: nothing waits for a lost session to return, as that would be measured too. */
    public static final SessionSettings MEASURED = new SessionSettings(
            RecoveryPolicy.DEFAULT.withReplacementSeconds(0).withHoldsInFlight(false),
            Timeouts.DEFAULT,
            DigestSettings.DEFAULT,
            ChapSettings.NONE,
            false);

    public SessionSettings withDigests(DigestSettings newDigests) {
        return new SessionSettings(recovery, timeouts, newDigests, chap, keepsIsid);
    }

    public SessionSettings withChap(ChapSettings newChap) {
        return new SessionSettings(recovery, timeouts, digests, newChap, keepsIsid);
    }

    SessionConfig applyTo(SessionConfig config, LunUrl url) throws CommandException {
        return chap.applyTo(digests.applyTo(config).withTimeouts(timeouts), url);
    }
}
