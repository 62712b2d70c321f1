package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.TargetAddress;

/**
 * One connection's login on the way to a session.
 *
 * @param config what the session is opened with, unchanged
 * @param portal where this connection leads, which a redirection may have chosen
 * @param parameters what this login proposes
 */
record LoginTrial(SessionConfig config, TargetAddress portal, LoginParameters parameters) {

    static LoginTrial at(TargetAddress portal, SessionConfig config) {
        return new LoginTrial(config, portal, config.login());
    }

    LoginTrial with(LoginParameters others) {
        return new LoginTrial(config, portal, others);
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
