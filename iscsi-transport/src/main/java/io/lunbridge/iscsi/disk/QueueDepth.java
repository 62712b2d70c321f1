package io.lunbridge.iscsi.disk;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * How many commands a unit gets at once: fewer as soon as it has too many, one more every second once it takes them all.
 *
 * <p>TASK SET FULL tells how many it takes: those that are still with it. BUSY tells nothing, so the depth is halved, but
 * only once for all the commands that were out together. Between the two rises lies at least one good answer at full
 * depth, so an idle unit learns nothing. A unit that stays at its limit refuses one command a second for it.
 */
final class QueueDepth {

    private static final long RISE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Time in which several answers of BUSY count as one. */
    private static final long SAME_OVERLOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Ticker ticker;
    private final int max;
    private int depth;
    private int inFlight;
    private long lastChangeNanos;
    private boolean lowered;

    QueueDepth(int max, Ticker ticker) {
        this.max = max;
        this.ticker = ticker;
        depth = max;
        lastChangeNanos = ticker.nanoTime();
    }

    /** Whether one more command may go out. */
    boolean hasRoom() {
        return inFlight < depth;
    }

    int current() {
        return depth;
    }

    int max() {
        return max;
    }

    int inFlight() {
        return inFlight;
    }

    void sent() {
        inFlight++;
    }

    /** A command came back, with whatever outcome; tell that afterwards. */
    void returned() {
        inFlight--;
    }

    /** A command that has returned was carried out. */
    void good() {
        if (depth < max && inFlight + 1 >= depth && ticker.nanoTime() - lastChangeNanos >= RISE_NANOS) {
            change(depth + 1);
        }
    }

    /** A command that has returned was refused because there are too many. */
    void taskSetFull() {
        if (inFlight < depth) {
            change(Math.max(1, inFlight));
            lowered = true;
        }
    }

    /** A command that has returned was refused because the unit is busy. */
    void busy() {
        if (!lowered || ticker.nanoTime() - lastChangeNanos >= SAME_OVERLOAD_NANOS) {
            change(Math.max(1, depth / 2));
            lowered = true;
        }
    }

    private void change(int newDepth) {
        depth = newDepth;
        lowered = false;
        lastChangeNanos = ticker.nanoTime();
    }
}
