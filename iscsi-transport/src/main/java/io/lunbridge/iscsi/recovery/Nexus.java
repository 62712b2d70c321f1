package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.lunbridge.iscsi.session.SessionStatistics;
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

    private final SessionSource source;
    private final RecoveryPolicy policy;
    private final EventLoop eventLoop;
    private final Retries retries;
    private final DoubleSupplier random;
    private final boolean recovers;
    private final List<Membership> members = new ArrayList<>();

    private NexusState state = NexusState.LOGGED_IN;
    private Session session;
    private long loggedInNanos;
    private long lostNanos;
    private boolean patient = true;
    private boolean gaveUp;
    private @Nullable IscsiException lastLoss;
    private @Nullable ScheduledFuture<?> nextStep;
    private @Nullable Attempt attempt;
    private SessionStatistics earlier = SessionStatistics.NONE;

    private Nexus(Session first, SessionSource source, RecoveryPolicy policy, DoubleSupplier random, boolean recovers) {
        this.source = source;
        this.policy = policy;
        this.random = random;
        this.recovers = recovers;
        eventLoop = first.eventLoop();
        retries = new Retries(first.config(), random);
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
        return new Nexus(only, none, RecoveryPolicy.DEFAULT.withRecheckSeconds(0), () -> 0, false);
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    public RecoveryPolicy policy() {
        return policy;
    }

    /** Numbers from 0 to 1, to spread with what many do at intervals. */
    public DoubleSupplier random() {
        return random;
    }

    /** How long a member waits for a usable session, in the policy's form. */
    int replacementSeconds() {
        return patient ? policy.replacementSeconds() : 0;
    }

    /** From now on nothing waits for a session: what does so fails now. For a process that is about to end. */
    public void stopWaiting() {
        patient = false;
        for (Membership membership : List.copyOf(members)) {
            membership.stopWaiting("there is no session with the target, and no time to wait for one");
        }
    }

    /** What a member's requests wait for now fails, and so does what comes, until it is usable again. */
    public void failNow(NexusMember member, String why) {
        for (Membership membership : List.copyOf(members)) {
            if (membership.member().equals(member)) {
                membership.stopWaiting(why);
            }
        }
    }

    /** Seconds until everything of that member fails, rounded up; -1 where nothing waits or where it waits for ever. */
    public long secondsLeft(NexusMember member) {
        for (Membership membership : members) {
            if (membership.member().equals(member)) {
                return membership.secondsLeft();
            }
        }
        return -1;
    }

    public NexusState state() {
        return state;
    }

    /** The latest session; it may be over. */
    public Session session() {
        return session;
    }

    /** What all sessions so far have counted together. Called on the loop. */
    public SessionStatistics statistics() {
        return earlier.plus(session.statistics());
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
            if (membership.member().equals(member)) {
                membership.leave();
                members.remove(membership);
            }
        }
        memberSettled();
    }

    /**
     * A member doubts that the session still leads to the same unit, and has stopped sending: it is asked to revalidate, as
     * after a login, and told the outcome in the same way.
     */
    public void recheck(NexusMember member) {
        for (Membership membership : List.copyOf(members)) {
            if (membership.member().equals(member) && membership.state() == MemberState.USABLE) {
                membership.recheck(session);
            }
        }
    }

    /** Ends it all: logs out where there is a session, within the time for that; ends attempts where there is none. */
    public void close(Runnable done) {
        assert eventLoop.inEventLoop() : "not on the nexus's event loop";
        boolean hasSession = state == NexusState.LOGGED_IN || state == NexusState.REVALIDATING;
        if (state != NexusState.CLOSED) {
            transition(NexusState.CLOSED);
        }
        attempt = null;
        if (nextStep != null) {
            nextStep.cancel(false);
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

    /** The target tells that it has other units than before. */
    public void unitsChanged() {
        for (Membership membership : List.copyOf(members)) {
            membership.member().unitsChanged();
        }
    }

    /** Logins that it took to replace the last session that was lost. */
    public int logins() {
        return retries.logins();
    }

    /** Whether it is closed because too many logins have failed ({@link RecoveryPolicy#maxLogins}). */
    public boolean hasGivenUp() {
        return gaveUp;
    }

    private void giveUp(SessionException cause) {
        gaveUp = true;
        transition(NexusState.CLOSED);
        String why = "given up after " + retries.failures() + " logins that failed: " + cause.getMessage();
        LOG.error("{}: {}", this, why);
        gone(why);
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
        long now = nanos();
        if (state == NexusState.LOGGED_IN) {
            lostNanos = now;
        }
        if (nextStep != null) {
            nextStep.cancel(false);
        }
        lastLoss = cause;
        transition(NexusState.RECOVERING);
        long waitMillis = retries.afterLoss(session, cause, now - loggedInNanos);
        LOG.warn("{}: the session is lost ({}); {}; next login in {} ms", this, cause.getMessage(), fate(), waitMillis);
        for (Membership membership : List.copyOf(members)) {
            membership.lost(cause);
        }
        if (state == NexusState.RECOVERING) {
            later(waitMillis, this::logIn);
        }
    }

    private String fate() {
        int seconds = replacementSeconds();
        String end = seconds < 0 ? "wait for it to return" : "wait up to " + seconds + " s for it to return";
        return "requests " + (seconds == 0 ? "fail" : end);
    }

    private void later(long millis, Runnable step) {
        nextStep = eventLoop.schedule(step, millis, TimeUnit.MILLISECONDS);
    }

    private void logIn() {
        Attempt next = new Attempt();
        attempt = next;
        source.open(retries.config(), next);
    }

    private void loggedIn(Session next) {
        transition(NexusState.REVALIDATING);
        NegotiatedKeys.Recovery before = session.fullFeature().keys().recovery();
        begin(next);
        if (retries.isFenced()) {
            checkMembers();
        } else {
            int seconds = before.time2WaitSeconds() + before.time2RetainSeconds();
            LOG.warn("{}: gives the target {} s to end the old session before anything is sent", this, seconds);
            later(TimeUnit.SECONDS.toMillis(seconds), this::checkMembers);
        }
        retries.loggedIn(next.config());
    }

    private void checkMembers() {
        Session checked = session;
        for (Membership membership : List.copyOf(members)) {
            if (session == checked && state == NexusState.REVALIDATING) {
                membership.check(checked);
            }
        }
        memberSettled();
    }

    /** A member has come to a verdict, or has left. */
    void memberSettled() {
        if (state == NexusState.REVALIDATING && members.stream().allMatch(Membership::isSettled)) {
            transition(NexusState.LOGGED_IN);
            LOG.warn("{}: the session is back after {} ms", this, TimeUnit.NANOSECONDS.toMillis(nanos() - lostNanos));
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
        return retries.config().toString();
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
                long waitMillis = retries.afterFailure(cause);
                if (policy.maxLogins() > 0 && retries.failures() >= policy.maxLogins()) {
                    giveUp(cause);
                } else {
                    later(waitMillis, Nexus.this::logIn);
                }
            }
        }
    }
}
