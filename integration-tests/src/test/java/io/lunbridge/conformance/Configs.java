package io.lunbridge.conformance;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.Timeouts;

/** Configurations that differ from the default one in one point. */
public final class Configs {

    private static final int SECOND_MILLIS = 1000;

    private Configs() {}

    static SessionConfig startingAt(SessionConfig config, int initialCmdSn) {
        LoginParameters login = config.login();
        return config.withLogin(
                new LoginParameters(login.identity(), login.offer(), login.authentication(), initialCmdSn));
    }

    /** Does not offer the key, if it is one that can be offered. */
    static SessionConfig without(SessionConfig config, String keyText) {
        LoginParameters login = config.login();
        KeyOffer offer = login.offer();
        for (Key key : Key.values()) {
            offer = key.text().equals(keyText) ? offer.without(key) : offer;
        }
        return config.withLogin(
                new LoginParameters(login.identity(), offer, login.authentication(), login.initialCmdSn()));
    }

    static Timeouts pingingAfterASecond() {
        return new Timeouts(SECOND_MILLIS, 1, 1, 60, SECOND_MILLIS);
    }

    /** Gives a command up after a second without progress, and waits two for each answer then. */
    static SessionConfig givingUpSoon(SessionConfig config) {
        return config.withTimeouts(Timeouts.DEFAULT.withoutPings().withLadder(new Timeouts.Ladder(1, 2, 2, 2, true)));
    }

    /** Time-outs short enough for a test of a target that never answers. */
    public static SessionConfig impatient(SessionConfig config) {
        return config.withTimeouts(
                new Timeouts(SECOND_MILLIS, 1, 1, new Timeouts.Ladder(2, 1, 1, 1, true), SECOND_MILLIS));
    }
}
