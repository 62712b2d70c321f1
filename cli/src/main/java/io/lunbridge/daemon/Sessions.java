package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.SessionConfig;

/** The settings of this process's sessions. */
final class Sessions {

    private Sessions() {}

    /** A session that ends with the command. */
    static SessionConfig brief(HostPort portal, String targetName) {
        return withIsid(
                SessionConfig.normal(address(portal), InitiatorName.ofThisHost(), targetName), IsidStore.random());
    }

    /** A session that is to be reinstated, also by another process. */
    static SessionConfig lasting(HostPort portal, String targetName, SessionIdentity identity) {
        return withIsid(SessionConfig.normal(address(portal), identity.initiatorName(), targetName), identity.isid());
    }

    static SessionConfig discovery(HostPort portal, String initiatorName) {
        return withIsid(SessionConfig.discovery(address(portal), initiatorName), IsidStore.random());
    }

    private static SessionConfig withIsid(SessionConfig config, long isid) {
        LoginParameters login = config.login();
        LoginIdentity old = login.identity();
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
