package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.ChapAccount;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.login.TargetQuirks;
import io.lunbridge.iscsi.session.SessionConfig;
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
 * @param known credentials that need not be looked for, because somebody has done so
 */
public record ChapSettings(
        @Nullable Path file, List<ChapAlgorithm> algorithms, Map<String, String> environment, ChapCredentials known) {

    /** No credentials but the URL's. */
    public static final ChapSettings NONE = new ChapSettings(null, List.of(), Map.of());

    private static final String USER = "LIBISCSI_CHAP_USERNAME";
    private static final String SECRET = "LIBISCSI_CHAP_PASSWORD";
    private static final String TARGET_USER = "LIBISCSI_CHAP_TARGET_USERNAME";
    private static final String TARGET_SECRET = "LIBISCSI_CHAP_TARGET_PASSWORD";

    public ChapSettings {
        algorithms = List.copyOf(algorithms);
    }

    /** Credentials that are still to be looked for. */
    public ChapSettings(@Nullable Path file, List<ChapAlgorithm> algorithms, Map<String, String> environment) {
        this(file, algorithms, environment, ChapCredentials.NONE);
    }

    /** The same with nothing left to look for: of use also where file, environment and URL are not. */
    public ChapSettings resolved(LunUrl url) throws CommandException {
        return new ChapSettings(null, algorithms, Map.of(), credentials(url.user(), url.secret()));
    }

    /** For a session with the target of that URL. */
    SessionConfig applyTo(SessionConfig config, LunUrl url) throws CommandException {
        return apply(config, credentials(url.user(), url.secret()));
    }

    /** For a session for which there is no URL. */
    SessionConfig applyTo(SessionConfig config) throws CommandException {
        return apply(config, credentials(null, null));
    }

    private ChapCredentials credentials(@Nullable String user, @Nullable String secret) throws CommandException {
        ChapCredentials filed = file == null ? known : ChapFile.read(file);
        try {
            ChapCredential own = own(filed, user, secret);
            ChapCredential target = filed.target() == null ? ofEnvironment(TARGET_USER, TARGET_SECRET) : filed.target();
            if (own == null && target != null) {
                throw new IllegalArgumentException(
                        "there is a CHAP user for the target and none for us; name both, or none");
            }
            return new ChapCredentials(own, target);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private SessionConfig apply(SessionConfig config, ChapCredentials credentials) throws CommandException {
        ChapCredential own = credentials.own();
        ChapCredential target = credentials.target();
        if (own == null) {
            return config;
        }
        try {
            ChapAccount targetAccount = target == null ? null : target.account();
            ChapAuthentication chap =
                    new ChapAuthentication(own.account(), targetAccount, proposal(config), new SecureRandom());
            return config.withLogin(config.login().withAuthentication(chap));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private @Nullable ChapCredential own(ChapCredentials filed, @Nullable String user, @Nullable String secret) {
        if (user != null && secret != null) {
            return ChapCredential.ofText(user, secret);
        }
        ChapCredential found = filed.own() == null ? ofEnvironment(USER, SECRET) : filed.own();
        if (user != null && (found == null || !found.name().equals(user))) {
            throw new IllegalArgumentException("the URL names the CHAP user '" + user + "' without a secret, and "
                    + (found == null ? "there is none elsewhere" : "the secret is of '" + found.name() + "'"));
        }
        return found;
    }

    private @Nullable ChapCredential ofEnvironment(String userVariable, String secretVariable) {
        String user = environment.get(userVariable);
        String secret = environment.get(secretVariable);
        if ((user == null) != (secret == null)) {
            throw new IllegalArgumentException("of the environment variables " + userVariable + " and " + secretVariable
                    + " only one is set; set both, or none");
        }
        return user == null || secret == null ? null : ChapCredential.ofText(user, secret);
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
