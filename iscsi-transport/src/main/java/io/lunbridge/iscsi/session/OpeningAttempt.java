package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.SessionException.Kind;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opening of a session, over all the connections that it takes: follows redirections, comes back to the configured
 * portal once if the one it was sent to is of no use, and tries a second authentication once per portal.
 *
 * <p>The configuration keeps the portal it came with: the next opening begins there again, for a redirection holds for a
 * while only; unless it was said to be permanent and led to a session. Each connection has a login of its own: nothing of an authentication outlives it.
 */
final class OpeningAttempt implements LoginPhase.Owner {

    /** Most portals to be sent to in one opening. */
    static final int MAX_REDIRECTS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(OpeningAttempt.class);

    /** What the portal that redirected us may know a remedy for. */
    private static final Set<Kind> PORTAL_IS_OF_NO_USE = EnumSet.of(
            Kind.UNKNOWN_HOST,
            Kind.CONNECTION_REFUSED,
            Kind.UNREACHABLE,
            Kind.TIMEOUT,
            Kind.LOGIN_TIMEOUT,
            Kind.CONNECTION_LOST,
            Kind.TARGET_NOT_FOUND,
            Kind.TARGET_UNAVAILABLE);

    private final SessionOpening opening;
    private final BiConsumer<LoginTrial, LoginPhase.Owner> connector;
    private final Set<TargetAddress> visited = new LinkedHashSet<>();
    private LoginTrial trial;
    private @Nullable SessionException failureElsewhere;

    /**
     * An opening that has not begun.
     *
     * @param connector makes a connection to the trial's portal, and a login on it
     */
    OpeningAttempt(SessionConfig config, SessionOpening opening, BiConsumer<LoginTrial, LoginPhase.Owner> connector) {
        this.opening = opening;
        this.connector = connector;
        trial = LoginTrial.at(config.portal(), config);
    }

    void begin() {
        visited.add(address(trial.portal()));
        connector.accept(trial, this);
    }

    @Override
    public void loggedIn(Session session) {
        opening.opened(session);
    }

    @Override
    public void redirected(TargetAddress to, boolean permanent) {
        if (visited.size() > MAX_REDIRECTS) {
            opening.failed(moved("sent from one address to the next without end"));
        } else if (visited.add(address(to))) {
            LOG.info("{}: redirected to {}", trial, to);
            trial = trial.redirected(to, permanent);
            connector.accept(trial, this);
        } else {
            opening.failed(failureElsewhere != null ? failureElsewhere : moved("sent round in a circle"));
        }
    }

    private SessionException moved(String how) {
        return new SessionException(Kind.MOVED, trial.config() + ": " + how + ": " + visited);
    }

    @Override
    public void refusedAsProposed(LoginParameters parameters) {
        LOG.info("{}: the target does not take what we proposed; trying once more with less", trial);
        trial = trial.with(parameters);
        connector.accept(trial, this);
    }

    @Override
    public void failed(SessionException cause) {
        boolean goHome = trial.isRedirected() && failureElsewhere == null && PORTAL_IS_OF_NO_USE.contains(cause.kind());
        if (goHome) {
            failureElsewhere = cause;
            LOG.info("{}: back to where we were sent from", cause.getMessage());
            trial = LoginTrial.at(trial.config().portal(), trial.config());
            connector.accept(trial, this);
        } else {
            opening.failed(cause);
        }
    }

    /** Two tags do not make two places. */
    private static TargetAddress address(TargetAddress portal) {
        return new TargetAddress(portal.host(), portal.port(), TargetAddress.NO_TAG);
    }
}
