package io.lunbridge.block;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Orders requests whose ranges overlap. A shared claim goes together with shared claims, an exclusive claim with none.
 *
 * <p>First come, first served among those that are in each other's way: a claim waits for the conflicting claims that
 * came before it, granted or waiting, and for no other. So nobody starves, and since a claim waits only for older ones
 * and each holder asks for one claim only, nobody waits in a circle.
 */
final class RangeLock {

    /** Claims that may wait at once. */
    static final int MAX_WAITING = 1024;

    /** What {@link #acquire} did. */
    enum Outcome {
        GRANTED,
        WAITING,
        /** Too many wait already; the claim is forgotten. */
        REFUSED
    }

    private final ClaimList granted = new ClaimList();
    private final ClaimList waiting = new ClaimList();
    private final Queue<Claim> ready = new ArrayDeque<>();
    private int exclusives;
    private int waitingCount;
    private boolean granting;

    /** Asks for the range. A claim that waits is told later, by {@link Claim#granted} or {@link Claim#refused}. */
    Outcome acquire(Claim claim) {
        if ((exclusives == 0 && !claim.exclusive) || !mustWait(claim, waiting.last)) {
            exclusives += claim.exclusive ? 1 : 0;
            granted.add(claim);
            return Outcome.GRANTED;
        }
        if (waitingCount == MAX_WAITING) {
            return Outcome.REFUSED;
        }
        exclusives += claim.exclusive ? 1 : 0;
        waitingCount++;
        waiting.add(claim);
        return Outcome.WAITING;
    }

    /** Gives the range back and starts whoever waited for it. */
    void release(Claim claim) {
        granted.remove(claim);
        exclusives -= claim.exclusive ? 1 : 0;
        if (granting) {
            return; // the loop below looks again
        }
        granting = true;
        try {
            while (collectReady()) {
                for (Claim next = ready.poll(); next != null; next = ready.poll()) {
                    next.granted();
                }
            }
        } finally {
            granting = false;
        }
    }

    /** Refuses all that wait; the granted ones go on. */
    void refuseWaiting(BlockException cause) {
        for (Claim claim = waiting.first(); claim != null; claim = waiting.first()) {
            waiting.remove(claim);
            waitingCount--;
            exclusives -= claim.exclusive ? 1 : 0;
            claim.refused(cause);
        }
    }

    private boolean collectReady() {
        Claim next;
        for (Claim claim = waiting.first(); claim != null; claim = next) {
            next = waiting.after(claim);
            if (!mustWait(claim, claim.before)) {
                waiting.remove(claim);
                waitingCount--;
                granted.add(claim);
                ready.add(claim);
            }
        }
        return !ready.isEmpty();
    }

    private boolean mustWait(Claim claim, @Nullable Claim lastBefore) {
        return claim.conflictsWithAny(granted.last) || claim.conflictsWithAny(lastBefore);
    }

    /** A wish for a range of the device; held while the request is below. */
    abstract static class Claim {

        private long startBytes;
        private long endBytes;
        private boolean exclusive;
        private @Nullable Claim before;
        private @Nullable Claim after;

        final void claim(long start, long end, boolean alone) {
            startBytes = start;
            endBytes = end;
            exclusive = alone;
        }

        final long startBytes() {
            return startBytes;
        }

        final long endBytes() {
            return endBytes;
        }

        /** The range is this claim's now, after it had to wait. */
        abstract void granted();

        /** The claim will not get its range, after it had to wait. */
        abstract void refused(BlockException cause);

        /** Whether this must not go together with one of the list that ends with {@code youngest}. */
        private boolean conflictsWithAny(@Nullable Claim youngest) {
            for (Claim other = youngest; other != null; other = other.before) {
                if ((exclusive || other.exclusive) && startBytes < other.endBytes && other.startBytes < endBytes) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Claims in order of arrival, linked through themselves. */
    private static final class ClaimList {

        private @Nullable Claim first;
        private @Nullable Claim last;

        @Nullable
        Claim first() {
            return first;
        }

        @Nullable
        Claim after(Claim claim) {
            return claim.after;
        }

        void add(Claim claim) {
            claim.before = last;
            claim.after = null;
            if (last == null) {
                first = claim;
            } else {
                last.after = claim;
            }
            last = claim;
        }

        void remove(Claim claim) {
            Claim left = claim.before;
            Claim right = claim.after;
            if (left == null) {
                first = right;
            } else {
                left.after = right;
            }
            if (right == null) {
                last = left;
            } else {
                right.before = left;
            }
            claim.before = null;
            claim.after = null;
        }
    }
}
