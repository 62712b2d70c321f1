package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a nexus: its replacement timer, and the checks of new sessions that it makes.
 *
 * <p>The timer runs from the loss until the member is usable, over any number of sessions that come and go in between:
 * logins that lead nowhere cannot hold requests for ever.
 */
final class Membership {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final int RECHECK_SECONDS = 5;
    private static final int MAX_DOUBLINGS = 4;
    private static final long MILLIS = 1000;

    private final Nexus nexus;
    private final NexusMember member;
    private MemberState state = MemberState.USABLE;
    private @Nullable ScheduledFuture<?> replacement;
    private @Nullable ScheduledFuture<?> nextCheck;
    private @Nullable Check current;
    private boolean settled = true;

    /** Why it was last refused, which is told once. */
    private @Nullable String refusal;

    private int unready;

    Membership(Nexus nexus, NexusMember member) {
        this.nexus = nexus;
        this.member = member;
    }

    NexusMember member() {
        return member;
    }

    MemberState state() {
        return state;
    }

    /** Whether the current session has been found good or bad. */
    boolean isSettled() {
        return settled;
    }

    void lost(IscsiException cause) {
        stopChecking();
        settled = false;
        if (state != MemberState.USABLE) {
            return;
        }
        transition(MemberState.BLOCKED);
        member.sessionLost(cause);
        int seconds = nexus.replacementSeconds();
        if (seconds == 0) {
            fail("there is no session with the target");
        } else {
            startReplacementTimer(seconds);
        }
    }

    private void startReplacementTimer(int seconds) {
        if (seconds > 0) {
            replacement = nexus.eventLoop().schedule(this::expire, seconds, TimeUnit.SECONDS);
        }
    }

    /** Fails what waits now, and what will. */
    void stopWaiting(String why) {
        fail(why);
    }

    /** Until the replacement timer ends, rounded up; -1 where it does not run. */
    long secondsLeft() {
        if (state != MemberState.BLOCKED || replacement == null || replacement.isDone()) {
            return -1;
        }
        long millis = replacement.getDelay(TimeUnit.MILLISECONDS);
        return Math.max(0, (millis + MILLIS - 1) / MILLIS);
    }

    private void expire() {
        LOG.error(
                "{}: no usable session for {} s: every request fails from now on; attempts to return go on",
                nexus,
                nexus.policy().replacementSeconds());
        fail("no usable session for " + nexus.policy().replacementSeconds() + " s");
    }

    private void fail(String why) {
        cancel(replacement);
        if (state == MemberState.BLOCKED) {
            transition(MemberState.FAILED);
            member.failFast(why);
        }
    }

    /** Lets a member that has stopped sending find out whether a session that is up still leads to the same unit. */
    void recheck(Session session) {
        transition(MemberState.BLOCKED);
        int seconds = nexus.policy().replacementSeconds();
        startReplacementTimer(seconds == 0 ? RECHECK_SECONDS : seconds);
        check(session);
    }

    void check(Session session) {
        unready = 0;
        checkNow(session);
    }

    private void checkNow(Session session) {
        stopChecking();
        Check check = new Check(session);
        current = check;
        member.revalidate(session, check);
    }

    private void checkLater(Session session, long seconds) {
        nextCheck = nexus.eventLoop().schedule(() -> checkNow(session), seconds, TimeUnit.SECONDS);
    }

    void gone(String why) {
        leave();
        member.gone(why);
    }

    void leave() {
        stopChecking();
        cancel(replacement);
    }

    private void stopChecking() {
        current = null;
        cancel(nextCheck);
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void transition(MemberState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("a member cannot go from " + state + " to " + next);
        }
        state = next;
    }

    /** One question to the member; what is told after the next one began, or the session ended, counts no more. */
    private final class Check implements NexusMember.Verdict {

        private final Session session;

        Check(Session session) {
            this.session = session;
        }

        @Override
        public void usable() {
            if (current != this) {
                return;
            }
            stopChecking();
            cancel(replacement);
            transition(MemberState.USABLE);
            settled = true;
            refusal = null;
            member.resumed(session);
            nexus.memberSettled();
        }

        @Override
        public void notYet(String why) {
            if (current != this) {
                return;
            }
            current = null;
            if (unready == 0) {
                LOG.warn("{}: logged in again, but: {}", nexus, why);
            }
            checkLater(session, 1L << Math.min(unready++, MAX_DOUBLINGS));
        }

        @Override
        public void refused(String why) {
            if (current != this) {
                return;
            }
            current = null;
            if (!why.equals(refusal)) {
                LOG.error("{}: {}; nothing is written to it, every request fails", nexus, why);
                refusal = why;
            }
            checkLater(session, RECHECK_SECONDS);
            fail(why);
            settled = true;
            nexus.memberSettled();
        }
    }
}
