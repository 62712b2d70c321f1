package io.lunbridge.iscsi.session;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that nothing waits for ever on a dead target: ticks once a second.
 *
 * <p>Any inbound bytes are a life sign, so a busy connection is never pinged. A silent one is, and is dropped when the
 * ping too goes unanswered. A target that lives but lets a task rest loses the connection as well.
 */
final class Watchdog implements Runnable {

    private static final int TICK_MILLIS = 1000;

    private final Session session;
    private final Connection connection;

    private @Nullable ScheduledFuture<?> timer;
    private int lastInboundReads;
    private long lastPendingBytes;
    private int silentTicks;

    Watchdog(Session session, Connection connection) {
        this.session = session;
        this.connection = connection;
    }

    /** With a delay between ticks, so that a process which was stopped for a while does not count that while at once. */
    void start() {
        timer = session.eventLoop().scheduleWithFixedDelay(this, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void run() {
        Timeouts timeouts = session.config().timeouts();
        if (showsLife()) {
            silentTicks = 0;
        } else {
            silentTicks++;
        }
        int limit = timeouts.pingIntervalSeconds() + timeouts.pingTimeoutSeconds();
        if (timeouts.pingIntervalSeconds() > 0 && silentTicks >= limit) {
            drop("the target has not answered for " + silentTicks + " s");
        } else if (session.tick(timeouts.commandSeconds())) {
            drop("the target has left a command without progress for " + timeouts.commandSeconds() + " s");
        } else if (timeouts.pingIntervalSeconds() > 0 && silentTicks == timeouts.pingIntervalSeconds()) {
            session.ping();
        }
    }

    /** Whether the target has sent anything, or taken any of what waits to be sent, since the last tick. */
    private boolean showsLife() {
        boolean life = connection.inboundReads() != lastInboundReads || connection.pendingBytes() < lastPendingBytes;
        lastInboundReads = connection.inboundReads();
        lastPendingBytes = connection.pendingBytes();
        return life;
    }

    private void drop(String why) {
        session.counters().silent();
        connection.drop(new ConnectionException(why));
    }
}
