package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.login.TargetQuirks;
import io.lunbridge.iscsi.session.ConnectionException;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When to log in next, and as whom. Knows the history of the sessions, not their members. */
final class Retries {

    /** A session that was up for so long is no sign of anything when it ends. */
    static final int STABLE_SECONDS = 10;

    /** Refusals in a row that may be a target's start: it listens before it knows what it serves. */
    static final int QUICK_REFUSALS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    private static final long QUALIFIER_MASK = 0xffff;

    private final TargetQuirks quirks;
    private final Backoff backoff;
    private final StormWatch storm = new StormWatch();
    private SessionConfig config;
    private int failures;
    private int logins;
    private int refusals;
    private boolean fenced = true;
    private String lastMessage = "";

    Retries(SessionConfig config, DoubleSupplier random) {
        this.config = config;
        backoff = new Backoff(random);
        String targetName = config.login().identity().targetName();
        quirks = targetName == null ? TargetQuirks.NONE : TargetQuirks.of(targetName);
    }

    /** For the next login: always the same, but for the ISID of a target that cannot reinstate a session. */
    SessionConfig config() {
        return config;
    }

    /**
     * Whether the next login puts an end to the session before: only one with the same ISID does, so after any other one
     * the target needs time to find out by itself.
     */
    boolean isFenced() {
        return fenced;
    }

    /**
     * A login has succeeded.
     *
     * @param as with the configuration that it has come to, should the target have moved
     */
    void loggedIn(SessionConfig as) {
        config = as;
        logins = failures + 1;
        failures = 0;
        refusals = 0;
        fenced = true;
        lastMessage = "";
    }

    /** Logins that failed since the last one that did not. */
    int failures() {
        return failures;
    }

    /** Logins that the last success took. */
    int logins() {
        return logins;
    }

    /** How long to wait after the end of a session that was up for {@code upNanos}. */
    long afterLoss(Session session, IscsiException cause, long upNanos) {
        if (upNanos >= TimeUnit.SECONDS.toNanos(STABLE_SECONDS)) {
            backoff.restart();
        }
        storm.ended(upNanos, cause instanceof ConnectionException loss && loss.isByTarget());
        if (storm.isNew()) {
            LOG.error(
                    "{}: {} sessions in a row have ended within {} s of their login; most likely another initiator calls"
                            + " itself {} too, and each login ends the other's session: give one of them another name",
                    config,
                    StormWatch.MOST_QUICK_ENDS,
                    StormWatch.QUICK_SECONDS,
                    config.login().identity().initiatorName());
        }
        long waitMillis = storm.isStorm() ? backoff.slowMillis() : backoff.nextMillis();
        return Math.max(timeToWaitMillis(session, cause), waitMillis);
    }

    /** What the target has asked for in its last words, else what was negotiated. */
    private static long timeToWaitMillis(Session session, IscsiException cause) {
        int told = cause instanceof ConnectionException loss
                ? loss.reconnectAfterSeconds()
                : ConnectionException.DEFAULT_TIME2WAIT;
        int negotiated = session.fullFeature().keys().recovery().time2WaitSeconds();
        return TimeUnit.SECONDS.toMillis(told == ConnectionException.DEFAULT_TIME2WAIT ? negotiated : told);
    }

    /** How long to wait after a login that failed. */
    long afterFailure(SessionException cause) {
        failures++;
        refusals = isRefusal(cause) ? refusals + 1 : 0;
        long waitMillis = refusals > QUICK_REFUSALS ? backoff.slowMillis() : backoff.nextMillis();
        tell(cause, waitMillis);
        if (quirks.newIsidAfterFailures() > 0 && failures % quirks.newIsidAfterFailures() == 0) {
            config = withNextQualifier(config);
            fenced = false;
        }
        return waitMillis;
    }

    private void tell(SessionException cause, long waitMillis) {
        String message = String.valueOf(cause.getMessage());
        if (message.equals(lastMessage)) {
            LOG.info("{}: login {} failed as before; next in {} ms", config, failures, waitMillis);
        } else {
            LOG.warn("{}: login {} failed: {}; next in {} ms", config, failures, message, waitMillis);
        }
        lastMessage = message;
    }

    /** Whether the target understood and said no (login status class 2): somebody has to change something. */
    private static boolean isRefusal(SessionException cause) {
        return switch (cause.kind()) {
            case AUTHENTICATION, NOT_ALLOWED, TARGET_NOT_FOUND, PROTOCOL -> true;
            case UNKNOWN_HOST,
                    CONNECTION_REFUSED,
                    UNREACHABLE,
                    TIMEOUT,
                    LOGIN_TIMEOUT,
                    TARGET_UNAVAILABLE,
                    MOVED,
                    CONNECTION_LOST,
                    OVERLOADED,
                    CLOSED -> false;
        };
    }

    private static SessionConfig withNextQualifier(SessionConfig config) {
        LoginParameters login = config.login();
        LoginIdentity old = login.identity();
        long isid = (old.isid() & ~QUALIFIER_MASK) | ((old.isid() + 1) & QUALIFIER_MASK);
        LOG.warn("{}: logins fail to reinstate the session: from now on with ISID {}", config, Long.toHexString(isid));
        LoginIdentity next =
                new LoginIdentity(old.initiatorName(), old.targetName(), isid, old.tsih(), old.connectionId());
        return config.withLogin(new LoginParameters(next, login.offer(), login.authentication(), login.initialCmdSn()));
    }
}
