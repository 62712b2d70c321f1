package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;

/**
 * Which answered writes the unit may still hold in its cache alone.
 *
 * <p>A session can end because the target has lost its power, and its cache with it. A flush that succeeds afterwards
 * covers nothing of what was lost, so it must not succeed: whoever wrote would believe that his data is safe. A unit
 * attention tells power from network only where the target takes care to (29h/07h), and many report a new session as a
 * power-on or the reverse; so none is believed.
 *
 * <p>The one to be told is the next caller of flush, who asks for the writes of all. A durable write that needs a flush of
 * its own asks for nobody else: it has to know only whether anything was lost since it was answered itself.
 */
final class UnflushedWrites {

    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace and is never changed
    private static final BlockException LOSS = new BlockException(
            BlockError.IO,
            "flushing: the session was lost since the last flush, and with it perhaps writes in the target's cache");

    private long answered;
    private long covered;
    private boolean mayBeLost;
    private int losses;
    private BlockException loss = LOSS;

    /** A write has succeeded that the unit may keep in its cache. */
    void answered() {
        answered++;
    }

    /** To be taken before a flush: what it will cover. */
    long mark() {
        return answered;
    }

    void flushed(long mark) {
        covered = Math.max(covered, mark);
    }

    void sessionLost(boolean volatileCache) {
        if (volatileCache && answered > covered) {
            losses++;
            mayBeLost = true;
            loss = LOSS;
        }
        covered = answered;
    }

    /** The unit itself tells that it has lost a write which it had answered: deferred sense (SPC-4 4.5.5). */
    void lost(String why) {
        losses++;
        mayBeLost = true;
        loss = new BlockException(BlockError.IO, "flushing: a write that was answered has failed since: " + why);
    }

    /** How many losses there have been: whoever finds the same number later has lost nothing in between. */
    int losses() {
        return losses;
    }

    /** What a flush has to tell. */
    BlockException loss() {
        return loss;
    }

    /** Whether a flush would have anything to do, or to tell. */
    boolean owesFlush() {
        return mayBeLost || answered > covered;
    }

    boolean mayBeLost() {
        return mayBeLost;
    }

    /** A flush has failed: whoever asked knows that he cannot rely on what he wrote. */
    void told() {
        mayBeLost = false;
    }

    /** Whether a flush has to tell of a loss; the next one need not. */
    boolean tellLoss() {
        boolean tells = mayBeLost;
        mayBeLost = false;
        return tells;
    }
}
