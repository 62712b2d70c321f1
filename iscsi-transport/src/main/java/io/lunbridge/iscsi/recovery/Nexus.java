package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.session.ConnectionException;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An initiator's bond with a target, which outlives its sessions. Confined to its event loop.
 *
 * <p>When a session ends that we have not closed, the next one is logged in with the same configuration, hence with the
 * same ISID and TSIH 0: the target ends the old session with all its tasks before it answers (RFC 7143 section 6.3.5).
 * That is the fence behind which held commands may be sent again. There is one attempt at a time, and only a session
 * that was up for a while makes the next attempt an early one.
 */
public final class Nexus {

    private static final Logger LOG = LoggerFactory.getLogger(Nexus.class);
    private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SessionSource source;
    private final SessionConfig config;
    private final RecoveryPolicy policy;
    private final EventLoop eventLoop;
    private final Backoff backoff;
    private final boolean recovers;
    private final List<Membership> members = new ArrayList<>();

    private NexusState state = NexusState.LOGGED_IN;
    private Session session;
    private long loggedInNanos;
    private int attempts;
    private long lostNanos;
    private @Nullable IscsiException lastLoss;
    private @Nullable ScheduledFuture<?> nextAttempt;
    private @Nullable Attempt attempt;

    private Nexus(Session first, SessionSource source, RecoveryPolicy policy, DoubleSupplier random, boolean recovers) {
        this.source = source;
        this.policy = policy;
        this.recovers = recovers;
        config = first.config();
        eventLoop = first.eventLoop();
        backoff = new Backoff(random);
        session = first;
        begin(first);
    }

    /**
     * Logs in. A first login that fails is told and not tried again.
     *
     * @param random numbers from 0 to 1, to spread attempts with
     */
    public static void open(
            SessionSource source,
            SessionConfig config,
            RecoveryPolicy policy,
            DoubleSupplier random,
            NexusOpening opening) {
        source.open(config, new SessionOpening() {
            @Override
            public void opened(Session first) {
                opening.opened(new Nexus(first, source, policy, random, true));
            }

            @Override
            public void failed(SessionException cause) {
                opening.failed(cause);
            }
        });
    }

    /** A nexus that ends with its only session. */
    public static Nexus of(Session only) {
        SessionSource none = (config, opening) -> {
            throw new IllegalStateException("does not recover");
        };
        return new Nexus(only, none, RecoveryPolicy.DEFAULT, () -> 0, false);
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    public RecoveryPolicy policy() {
        return policy;
    }

    public NexusState state() {
        return state;
    }

    /** The latest session; it may be over. */
    public Session session() {
        return session;
    }

    /** Whether a lost session is replaced. */
    public boolean recovers() {
        return recovers && state != NexusState.CLOSED;
    }

    /** Adds a member that is usable now. On a nexus without a session it is told so at once. */
    public void add(NexusMember member) {
        Membership membership = new Membership(this, member);
        members.add(membership);
        if (lastLoss != null && state != NexusState.LOGGED_IN) {
            membership.lost(lastLoss);
            if (state == NexusState.REVALIDATING) {
                membership.check(session);
            }
        }
    }

    public void remove(NexusMember member) {
        for (Membership membership : List.copyOf(members)) {
            if (membership.member() == member) {
                membership.leave();
                members.remove(membership);
            }
        }
        memberSettled();
    }

    /** Ends it all: logs out where there is a session, within the time for that; ends attempts where there is none. */
    public void close(Runnable done) {
        assert eventLoop.inEventLoop() : "not on the nexus's event loop";
        boolean hasSession = state == NexusState.LOGGED_IN || state == NexusState.REVALIDATING;
        if (state != NexusState.CLOSED) {
            transition(NexusState.CLOSED);
        }
        attempt = null;
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
        }
        if (!hasSession) {
            gone("the session has been closed");
        }
        session.close(done);
    }

    private void gone(String why) {
        for (Membership membership : List.copyOf(members)) {
            membership.gone(why);
        }
        members.clear();
    }

    private void begin(Session next) {
        session = next;
        loggedInNanos = nanos();
        next.addListener(this::sessionEnded);
    }

    private void sessionEnded(IscsiException cause) {
        if (state == NexusState.CLOSED) {
            gone("the session has been closed");
        } else if (!recovers) {
            transition(NexusState.CLOSED);
            gone("the session was lost: " + cause.getMessage());
        } else {
            lost(cause);
        }
    }

    private void lost(IscsiException cause) {
        lastLoss = cause;
        transition(NexusState.RECOVERING);
        long upNanos = nanos() - loggedInNanos;
        if (attempts == 0) {
            lostNanos = nanos();
        }
        if (upNanos >= STABLE_NANOS) {
            backoff.restart();
        }
        long waitMillis = Math.max(timeToWaitMillis(cause), backoff.nextMillis());
        LOG.warn("{}: lost: {}; next login in {} ms", this, cause.getMessage(), waitMillis);
        for (Membership membership : List.copyOf(members)) {
            membership.lost(cause);
        }
        if (state == NexusState.RECOVERING) {
            tryLater(waitMillis);
        }
    }

    private long timeToWaitMillis(IscsiException cause) {
        int told = cause instanceof ConnectionException loss
                ? loss.reconnectAfterSeconds()
                : ConnectionException.DEFAULT_TIME2WAIT;
        int seconds = told == ConnectionException.DEFAULT_TIME2WAIT
                ? session.fullFeature().keys().recovery().time2WaitSeconds()
                : told;
        return TimeUnit.SECONDS.toMillis(seconds);
    }

    private void tryLater(long millis) {
        nextAttempt = eventLoop.schedule(this::tryNow, millis, TimeUnit.MILLISECONDS);
    }

    private void tryNow() {
        attempts++;
        Attempt next = new Attempt();
        attempt = next;
        source.open(config, next);
    }

    private void loggedIn(Session next) {
        transition(NexusState.REVALIDATING);
        begin(next);
        for (Membership membership : List.copyOf(members)) {
            if (session == next && state == NexusState.REVALIDATING) {
                membership.check(next);
            }
        }
        memberSettled();
    }

    /** A member has come to a verdict, or has left. */
    void memberSettled() {
        if (state == NexusState.REVALIDATING && members.stream().allMatch(Membership::isSettled)) {
            transition(NexusState.LOGGED_IN);
            LOG.warn("{}: back after {} s", this, TimeUnit.NANOSECONDS.toSeconds(nanos() - lostNanos));
            attempts = 0;
        }
    }

    private long nanos() {
        return eventLoop.ticker().nanoTime();
    }

    private void transition(NexusState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("nexus cannot go from " + state + " to " + next);
        }
        state = next;
    }

    @Override
    public String toString() {
        return config.toString();
    }

    /** One login. What comes of it after it was called off is closed. */
    private final class Attempt implements SessionOpening {

        @Override
        public void opened(Session next) {
            if (attempt == this) {
                attempt = null;
                loggedIn(next);
            } else {
                next.close(() -> LOG.debug("{}: a session came too late and was closed", Nexus.this));
            }
        }

        @Override
        public void failed(SessionException cause) {
            if (attempt == this) {
                attempt = null;
                long waitMillis = backoff.nextMillis();
                LOG.warn("{}: login failed: {}; next in {} ms", Nexus.this, cause.getMessage(), waitMillis);
                tryLater(waitMillis);
            }
        }
    }
}
