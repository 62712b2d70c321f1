package io.lunbridge.iscsi.login;

import java.util.EnumSet;
import java.util.Set;

/** States of a login; an edge not named here is a bug of ours (RFC 7143 section 6.3, table of stage transitions). */
enum LoginState {
    /** Nothing has been sent. */
    START,
    /** CSG is SecurityNegotiation. */
    SECURITY,
    /** CSG is LoginOperationalNegotiation. */
    OPERATIONAL,
    /** The Login Final-Response has come. */
    FULL_FEATURE_PHASE,
    /** Refused, redirected or broken. */
    ENDED;

    private Set<LoginState> next() {
        return switch (this) {
            case START -> EnumSet.of(SECURITY, ENDED);
            case SECURITY -> EnumSet.of(OPERATIONAL, ENDED);
            case OPERATIONAL -> EnumSet.of(FULL_FEATURE_PHASE, ENDED);
            case FULL_FEATURE_PHASE, ENDED -> EnumSet.noneOf(LoginState.class);
        };
    }

    /** Whether the login is over. */
    boolean isOver() {
        return next().isEmpty();
    }

    LoginState transition(LoginState to) {
        if (!next().contains(to)) {
            throw new IllegalStateException("login cannot go from " + this + " to " + to);
        }
        return to;
    }
}
