package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BusyPollTest {

    private static final long SPIN_NANOS = 50_000;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final BusyPoll poll = new BusyPoll(SPIN_NANOS, ticker);
    private int looks;

    /** Each look takes ten microseconds. */
    private int look(int eventsFromLook, int events) {
        looks++;
        ticker.advance(10, TimeUnit.MICROSECONDS);
        return looks >= eventsFromLook ? events : 0;
    }

    @Test
    void sleepsWhenNothingCameForSoLong() throws Exception {
        assertThat(poll.calculateStrategy(() -> look(Integer.MAX_VALUE, 1), false))
                .isEqualTo(SelectStrategy.SELECT);
        assertThat(looks).isEqualTo(6);
    }

    @Test
    void takesWhatComesMeanwhile() throws Exception {
        assertThat(poll.calculateStrategy(() -> look(4, 3), false)).isEqualTo(3);
        assertThat(looks).isEqualTo(4);
    }

    @Test
    void doesNotKeepTasksWaiting() throws Exception {
        assertThat(poll.calculateStrategy(() -> look(Integer.MAX_VALUE, 1), true))
                .isZero();
        assertThat(looks).isEqualTo(1);
    }
}
