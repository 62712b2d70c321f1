package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.ChapAccount;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.login.TargetQuirks;
import io.lunbridge.iscsi.session.SessionConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the CHAP credentials come from: the URL, else a file, else the environment, whose variables have libiscsi's
 * names. The initiator's account and the target's, which makes the login mutual, are looked for each by itself.
 *
 * @param file a {@link ChapFile}, or null
 * @param algorithms to propose, the preferred first; empty for what is known to be best with the target
 * @param environment the process's
 */
public record ChapSettings(@Nullable Path file, List<ChapAlgorithm> algorithms, Map<String, String> environment) {

    /** No credentials but the URL's. */
    static final ChapSettings NONE = new ChapSettings(null, List.of(), Map.of());

    private static final String USER = "LIBISCSI_CHAP_USERNAME";
    private static final String SECRET = "LIBISCSI_CHAP_PASSWORD";
    private static final String TARGET_USER = "LIBISCSI_CHAP_TARGET_USERNAME";
    private static final String TARGET_SECRET = "LIBISCSI_CHAP_TARGET_PASSWORD";

    public ChapSettings {
        algorithms = List.copyOf(algorithms);
    }

    /** For a session with the target of that URL. */
    SessionConfig applyTo(SessionConfig config, LunUrl url) throws CommandException {
        return apply(config, url.user(), url.secret());
    }

    /** For a session for which there is no URL. */
    SessionConfig applyTo(SessionConfig config) throws CommandException {
        return apply(config, null, null);
    }

    private SessionConfig apply(SessionConfig config, @Nullable String user, @Nullable String secret)
            throws CommandException {
        ChapFile accounts = file == null ? ChapFile.EMPTY : ChapFile.read(file);
        try {
            ChapAccount own = own(accounts, user, secret);
            ChapAccount target =
                    accounts.target() == null ? ofEnvironment(TARGET_USER, TARGET_SECRET) : accounts.target();
            if (own == null && target == null) {
                return config;
            }
            if (own == null) {
                throw new IllegalArgumentException(
                        "there is a CHAP user for the target and none for us; name both, or none");
            }
            ChapAuthentication chap = new ChapAuthentication(own, target, proposal(config), new SecureRandom());
            return config.withLogin(config.login().withAuthentication(chap));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private @Nullable ChapAccount own(ChapFile accounts, @Nullable String user, @Nullable String secret) {
        if (user != null && secret != null) {
            return new ChapAccount(user, secret.getBytes(StandardCharsets.UTF_8));
        }
        ChapAccount account = accounts.own() == null ? ofEnvironment(USER, SECRET) : accounts.own();
        if (user != null && (account == null || !account.name().equals(user))) {
            throw new IllegalArgumentException("the URL names the CHAP user '" + user + "' without a secret, and "
                    + (account == null ? "there is none elsewhere" : "the secret is of '" + account.name() + "'"));
        }
        return account;
    }

    private @Nullable ChapAccount ofEnvironment(String userVariable, String secretVariable) {
        String user = environment.get(userVariable);
        String secret = environment.get(secretVariable);
        if ((user == null) != (secret == null)) {
            throw new IllegalArgumentException("of the environment variables " + userVariable + " and " + secretVariable
                    + " only one is set; set both, or none");
        }
        return user == null || secret == null ? null : new ChapAccount(user, secret.getBytes(StandardCharsets.UTF_8));
    }

    private List<ChapAlgorithm> proposal(SessionConfig config) {
        String targetName = config.login().identity().targetName();
        TargetQuirks quirks = targetName == null ? TargetQuirks.NONE : TargetQuirks.of(targetName);
        return algorithms.isEmpty() ? quirks.chapAlgorithms() : algorithms;
    }

    /** Without the environment, which holds secrets. */
    @Override
    public String toString() {
        return "CHAP by " + (file == null ? "URL or environment" : file);
    }
}
