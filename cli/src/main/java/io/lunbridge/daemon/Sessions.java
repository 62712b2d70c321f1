package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.SessionConfig;
import java.security.SecureRandom;

/** The settings of this process's sessions. */
final class Sessions {

    /** An ISID of type "random" (RFC 7143 section 11.12.5): 24 random bits, then 16 bits that we leave zero. */
    private static final long RANDOM_TYPE = 0x80L << 40;

    private static final int RANDOM_VALUES = 1 << 24;
    private static final int QUALIFIER_BITS = 16;

    private Sessions() {}

    static SessionConfig normal(HostPort portal, String targetName) {
        return withOwnIsid(SessionConfig.normal(address(portal), InitiatorName.ofThisHost(), targetName));
    }

    static SessionConfig discovery(HostPort portal) {
        return withOwnIsid(SessionConfig.discovery(address(portal), InitiatorName.ofThisHost()));
    }

    /** A login with the ISID of a session that is up ends that one: two processes must never have the same. */
    private static SessionConfig withOwnIsid(SessionConfig config) {
        LoginParameters login = config.login();
        LoginIdentity old = login.identity();
        long isid = RANDOM_TYPE | ((long) new SecureRandom().nextInt(RANDOM_VALUES) << QUALIFIER_BITS);
        LoginIdentity own = new LoginIdentity(old.initiatorName(), old.targetName(), isid, 0, old.connectionId());
        return config.withLogin(new LoginParameters(own, login.offer(), login.authentication(), login.initialCmdSn()));
    }

    private static TargetAddress address(HostPort portal) {
        return new TargetAddress(portal.host(), portal.port(), TargetAddress.NO_TAG);
    }

    /** For people. */
    static HostPort portal(SessionConfig config) {
        return new HostPort(config.portal().host(), config.portal().port());
    }
}
