package io.lunbridge.iscsi.recovery;

import java.util.concurrent.TimeUnit;

/**
 * Notices sessions that end again and again as soon as they are up. Two initiators of one name do that to each other for
 * ever: each login ends the other's session.
 */
final class StormWatch {

    /** A session that ends sooner than this has come to nothing. */
    static final int QUICK_SECONDS = 5;

    /** So many of them in a row are a storm. */
    static final int MOST_QUICK_ENDS = 3;

    private int quickEnds;

    /**
     * A session is over that was up for so long. One that we have given up ourselves, for silence or damage, is a sign of a
     * bad network and of nothing else.
     */
    void ended(long upNanos, boolean byTarget) {
        quickEnds = byTarget && upNanos < TimeUnit.SECONDS.toNanos(QUICK_SECONDS) ? quickEnds + 1 : 0;
    }

    /** Whether there is one: no login shall follow soon. */
    boolean isStorm() {
        return quickEnds >= MOST_QUICK_ENDS;
    }

    /** Whether there is one since the last end. */
    boolean isNew() {
        return quickEnds == MOST_QUICK_ENDS;
    }
}
