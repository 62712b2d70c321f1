package io.lunbridge.iscsi.disk;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * When the next command may go to a unit: it takes a number of them at once, and while it takes none it is asked by one
 * command at a time, with growing delays. So a unit that refuses everything is never stormed, however many wait.
 */
final class Throttle {

    /** So many unit attentions in a row are repeated at once: a unit may have several to tell. */
    private static final int MAX_ATTENTIONS = 8;

    private final EventLoop eventLoop;
    private final QueueDepth depth;
    private final Runnable wakeUp;

    private int refusals;
    private int attentions;
    private boolean pausing;
    private boolean refusing;
    private long refusingSinceNanos;

    /**
     * Lets everything through at first.
     *
     * @param wakeUp called when there may be room after a time without any
     */
    Throttle(EventLoop eventLoop, int maxDepth, Runnable wakeUp) {
        this.eventLoop = eventLoop;
        this.wakeUp = wakeUp;
        depth = new QueueDepth(maxDepth, eventLoop.ticker());
    }

    /** Forgets what was against the unit: a new session leads to it. */
    void restart() {
        refusals = 0;
        attentions = 0;
        refusing = false;
    }

    boolean hasRoom() {
        return !pausing && (refusals == 0 ? depth.hasRoom() : depth.inFlight() == 0);
    }

    QueueDepth depth() {
        return depth;
    }

    /** Since when the unit has refused everything; {@code nowNanos} if it does not. */
    long refusingSinceNanos(long nowNanos) {
        return refusing ? refusingSinceNanos : nowNanos;
    }

    void sent() {
        depth.sent();
    }

    void returned() {
        depth.returned();
    }

    /** A command that has returned was carried out, or was refused on its own account: the unit works. */
    void good() {
        refusals = 0;
        attentions = 0;
        refusing = false;
        depth.good();
    }

    /** A command that has returned was refused by the unit as a whole. */
    void refused(Refusal why) {
        if (!refusing) {
            refusing = true;
            refusingSinceNanos = eventLoop.ticker().nanoTime();
        }
        switch (why) {
            case UNIT_ATTENTION, DEFERRED_ERROR -> {
                if (++attentions > MAX_ATTENTIONS) {
                    pause();
                }
            }
            case TASK_SET_FULL -> {
                depth.taskSetFull();
                if (depth.inFlight() == 0) {
                    pause();
                }
            }
            case BUSY -> {
                depth.busy();
                pause();
            }
            default -> pause();
        }
    }

    private void pause() {
        if (!pausing) {
            pausing = true;
            refusals++;
            var unused = eventLoop.schedule(this::resume, RetryingTask.delayMillis(refusals), TimeUnit.MILLISECONDS);
        }
    }

    private void resume() {
        pausing = false;
        wakeUp.run();
    }
}
