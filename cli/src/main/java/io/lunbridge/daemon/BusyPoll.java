package io.lunbridge.daemon;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import io.netty.util.concurrent.Ticker;

/**
 * Looks for events for a while before the loop sleeps. A sleeping thread costs its waker a call to the scheduler and itself a
 * wait for a CPU, which is much of a single request's latency; a loop that looks takes a CPU from others meanwhile.
 *
 * <p>A loop where nothing happens sleeps: it looks for {@code spinNanos} after each turn, no longer.
 */
final class BusyPoll implements SelectStrategy {

    private final long spinNanos;
    private final Ticker ticker;

    BusyPoll(long spinNanos, Ticker ticker) {
        this.spinNanos = spinNanos;
        this.ticker = ticker;
    }

    /** @param events how many there are now, without waiting */
    @Override
    public int calculateStrategy(IntSupplier events, boolean hasTasks) throws Exception {
        int found = events.get();
        if (hasTasks || found > 0) {
            return found;
        }
        long startNanos = ticker.nanoTime();
        do {
            Thread.onSpinWait();
            found = events.get();
            if (found > 0) {
                return found;
            }
        } while (ticker.nanoTime() - startNanos < spinNanos);
        return SELECT;
    }
}
