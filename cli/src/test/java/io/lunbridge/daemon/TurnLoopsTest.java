package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With the real clock and epoll: what a clock that stands still could break. */
class TurnLoopsTest {

    private static final long LIMIT_SECONDS = 20;
    private static final long IDLE_MILLIS = 50;

    private final Transport transport = Transport.open();
    private final EventLoop loop = transport.eventLoop();

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void knowsHowLongItHasSlept() throws Exception {
        long before = Ticker.systemTicker().nanoTime();
        long after = loop.schedule(() -> loop.ticker().nanoTime(), IDLE_MILLIS, TimeUnit.MILLISECONDS)
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(after - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS - 1));
    }

    @Test
    void timersOfATurnBeginWithTheTurn() throws Exception {
        Future<?> first = loop.schedule(() -> {}, IDLE_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(first.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        long ahead = loop.submit(
                        () -> loop.ticker().nanoTime() - Ticker.systemTicker().nanoTime())
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(ahead).isNotPositive().isGreaterThan(-TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
    }

    /** The loop turns to its timers after its longest time for tasks, though the tasks never end. */
    @Test
    void tasksWithoutEndDoNotKeepATimerForEver() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger over = new AtomicInteger();
        Runnable again = new Runnable() {
            @Override
            public void run() {
                runs.incrementAndGet();
                if (over.get() == 0) {
                    loop.execute(this);
                }
            }
        };
        loop.execute(again);
        try {
            Future<?> timer = loop.schedule(over::incrementAndGet, 1, TimeUnit.MILLISECONDS);
            assertThat(timer.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(runs).hasPositiveValue();
        } finally {
            over.incrementAndGet();
        }
    }
}
