package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.DigestPreference;
import io.lunbridge.iscsi.session.SessionConfig;

/** Which digests to offer a target: CRC32C of headers, and of data. */
public record DigestSettings(DigestPreference header, DigestPreference data) {

    /** None, unless the target insists. */
    public static final DigestSettings DEFAULT =
            new DigestSettings(DigestPreference.NONE_CRC32C, DigestPreference.NONE_CRC32C);

    SessionConfig applyTo(SessionConfig config) {
        LoginParameters login = config.login();
        return config.withLogin(new LoginParameters(
                login.identity(),
                login.offer().withHeaderDigest(header).withDataDigest(data),
                login.authentication(),
                login.initialCmdSn()));
    }
}
