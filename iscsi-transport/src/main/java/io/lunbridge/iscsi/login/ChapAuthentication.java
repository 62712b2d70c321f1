package io.lunbridge.iscsi.login;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CHAP with certain credentials (RFC 7143 section 12.1.3): in one direction, or mutual, so that the target has to prove
 * itself too. Serves all logins of a configuration and remembers their challenges.
 */
public final class ChapAuthentication implements Authenticator.Factory {

    private static final Logger LOG = LoggerFactory.getLogger(ChapAuthentication.class);

    private final ChapAccount own;
    private final @Nullable ChapAccount target;
    private final List<ChapAlgorithm> algorithms;
    private final RandomGenerator random;
    private final ChallengeLog challenges;

    /**
     * For logins with these credentials.
     *
     * @param own who we are
     * @param target who the target has to prove to be; null if it need not
     * @param algorithms to propose, the preferred first
     * @param random of our challenges, a secure one
     * @throws IllegalArgumentException with a sentence for the user
     */
    public ChapAuthentication(
            ChapAccount own, @Nullable ChapAccount target, List<ChapAlgorithm> algorithms, RandomGenerator random) {
        this(own, target, algorithms, random, new ChallengeLog());
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("CHAP needs an algorithm at least");
        }
        if (target != null && target.hasSecretOf(own)) {
            throw new IllegalArgumentException("the CHAP secrets of '" + own.name()
                    + "' and of the target are the same;" + " each direction must have its own");
        }
        warnIfWeak(own);
        if (target != null) {
            warnIfWeak(target);
        }
    }

    private ChapAuthentication(
            ChapAccount own,
            @Nullable ChapAccount target,
            List<ChapAlgorithm> algorithms,
            RandomGenerator random,
            ChallengeLog challenges) {
        this.own = own;
        this.target = target;
        this.algorithms = List.copyOf(algorithms);
        this.random = random;
        this.challenges = challenges;
    }

    private static void warnIfWeak(ChapAccount account) {
        if (account.isWeak()) {
            LOG.warn("{}: the secret has fewer than 12 bytes, which who listens on the network can guess", account);
        }
    }

    @Override
    public Authenticator newAuthenticator() {
        return new ChapAuthenticator(this);
    }

    ChapAccount own() {
        return own;
    }

    @Nullable
    ChapAccount target() {
        return target;
    }

    List<ChapAlgorithm> algorithms() {
        return algorithms;
    }

    RandomGenerator random() {
        return random;
    }

    ChallengeLog challenges() {
        return challenges;
    }

    /** The same with MD5 alone, for a target that cannot read a list; null where the user's list is short of it. */
    @Nullable
    ChapAuthentication withMd5Alone() {
        boolean differs = algorithms.size() > 1 && algorithms.contains(ChapAlgorithm.MD5);
        return differs ? new ChapAuthentication(own, target, List.of(ChapAlgorithm.MD5), random, challenges) : null;
    }

    @Override
    public String toString() {
        return own + (target == null ? "" : ", target " + target);
    }
}
