package io.lunbridge.conformance;

import io.lunbridge.iscsi.login.ChapAccount;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.ChapDialogue;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.UnaryOperator;

/** Configurations with the credentials of {@link ChapDialogue}. Each remembers the challenges of all its logins. */
final class ChapConfigs {

    private ChapConfigs() {}

    static UnaryOperator<SessionConfig> oneWay() {
        return oneWay(ChapAlgorithm.strongestFirst());
    }

    static UnaryOperator<SessionConfig> oneWay(List<ChapAlgorithm> algorithms) {
        return with(new ChapAuthentication(own(ChapDialogue.USER), null, algorithms, new SecureRandom()));
    }

    static UnaryOperator<SessionConfig> mutual() {
        return mutual(ChapDialogue.USER, ChapDialogue.TARGET_USER);
    }

    static UnaryOperator<SessionConfig> mutual(String user, String targetUser) {
        ChapAccount target = account(targetUser, ChapDialogue.TARGET_SECRET);
        return with(new ChapAuthentication(own(user), target, ChapAlgorithm.strongestFirst(), new SecureRandom()));
    }

    private static ChapAccount own(String user) {
        return account(user, ChapDialogue.SECRET);
    }

    private static ChapAccount account(String name, String secret) {
        return new ChapAccount(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    private static UnaryOperator<SessionConfig> with(ChapAuthentication chap) {
        return config -> config.withLogin(config.login().withAuthentication(chap));
    }
}
