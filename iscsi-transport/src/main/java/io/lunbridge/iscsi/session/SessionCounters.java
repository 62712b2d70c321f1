package io.lunbridge.iscsi.session;

import io.netty.util.concurrent.Ticker;

/** What a session counts besides its PDUs. Confined to the event loop; plain fields, for they are on the data path. */
final class SessionCounters implements SessionListener {

    private final Ticker ticker;

    private long timeouts;
    private long windowStalls;
    private long windowStalledNanos;
    private long stalledSinceNanos;
    private boolean stalled;

    SessionCounters(Ticker ticker) {
        this.ticker = ticker;
    }

    /** A command cannot be sent for the target's window is closed. */
    void windowClosed() {
        if (!stalled) {
            stalled = true;
            windowStalls++;
            stalledSinceNanos = ticker.nanoTime();
        }
    }

    void windowOpen() {
        if (stalled) {
            stalled = false;
            windowStalledNanos += ticker.nanoTime() - stalledSinceNanos;
        }
    }

    /** The target has not answered a ping in time. */
    void silent() {
        timeouts++;
    }

    /** A command has exceeded its time. */
    @Override
    public void errorHandling(boolean active) {
        if (active) {
            timeouts++;
        }
    }

    @Override
    public void sessionEnded(IscsiException cause) {
        windowOpen();
    }

    long timeouts() {
        return timeouts;
    }

    long windowStalls() {
        return windowStalls;
    }

    /** Including the stall that lasts. */
    long windowStalledNanos() {
        return windowStalledNanos + (stalled ? ticker.nanoTime() - stalledSinceNanos : 0);
    }
}
