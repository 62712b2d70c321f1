package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.TargetAddress;

/**
 * One connection's login on the way to a session.
 *
 * @param config what the session is opened with, unchanged
 * @param portal where this connection leads, which a redirection may have chosen
 * @param parameters what this login proposes
 * @param moved whether the target said that the portal is its address from now on (RFC 7143 section 11.13.5, 0102)
 */
record LoginTrial(SessionConfig config, TargetAddress portal, LoginParameters parameters, boolean moved) {

    static LoginTrial at(TargetAddress portal, SessionConfig config) {
        return new LoginTrial(config, portal, config.login(), false);
    }

    LoginTrial with(LoginParameters others) {
        return new LoginTrial(config, portal, others, moved);
    }

    /** The next one, at the portal that this one was sent to. */
    LoginTrial redirected(TargetAddress to, boolean permanent) {
        boolean forGood = permanent && (moved || !isRedirected());
        return new LoginTrial(config, to, config.login(), forGood);
    }

    /** What the session that this leads to is opened with again: where the target has moved for good, there. */
    SessionConfig lasting() {
        return moved ? config.withPortal(portal) : config;
    }

    boolean isRedirected() {
        return !portal.equals(config.portal());
    }

    /** For messages: who, where, and whence if that is elsewhere. */
    @Override
    public String toString() {
        return isRedirected() ? config + " (redirected to " + portal + ")" : config.toString();
    }
}
