package io.lunbridge.iscsi.login;

import io.lunbridge.iscsi.negotiation.KeyOffer;

/**
 * All that a login needs to know; immutable, so that a reconnect does exactly what the first connect did.
 *
 * @param identity who logs in where
 * @param offer the operational keys we propose
 * @param authentication makes the authenticator of each login
 * @param initialCmdSn the CmdSN that the login's requests carry
 */
public record LoginParameters(
        LoginIdentity identity, KeyOffer offer, Authenticator.Factory authentication, int initialCmdSn) {

    /** A login without authentication. */
    public static LoginParameters unauthenticated(LoginIdentity identity, KeyOffer offer) {
        return new LoginParameters(identity, offer, NoAuthentication::new, 1);
    }

    public LoginParameters withAuthentication(Authenticator.Factory other) {
        return new LoginParameters(identity, offer, other, initialCmdSn);
    }
}
