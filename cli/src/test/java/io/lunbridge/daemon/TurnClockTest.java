package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnClockTest {

    private final MockTicker real = Ticker.newMockTicker();
    private final TurnClock clock = new TurnClock(real);

    private long afterOneNano() {
        real.advance(1, TimeUnit.NANOSECONDS);
        return clock.nanoTime();
    }

    @Test
    void standsStillUntilTimeMayHavePassed() {
        clock.own();
        long now = clock.nanoTime();
        assertThat(afterOneNano()).isEqualTo(now);
        clock.forget();
        assertThat(afterOneNano()).isEqualTo(now + 2);
        assertThat(afterOneNano()).isEqualTo(now + 2);
    }

    @Test
    void tellsTheLastTimeOnceMoreWhereThatIsGoodEnough() {
        clock.own();
        clock.recall();
        long now = clock.nanoTime();
        clock.forget();
        clock.recall();
        assertThat(afterOneNano()).isEqualTo(now);
        assertThat(afterOneNano()).isEqualTo(now + 2);
        clock.recall();
        clock.forget();
        assertThat(afterOneNano()).isEqualTo(now + 3);
    }

    @Test
    void goesOnInATurnThatDoesNotEnd() {
        clock.own();
        long now = clock.nanoTime();
        for (int i = 1; i < TurnClock.MAX_READS; i++) {
            assertThat(afterOneNano()).isEqualTo(now);
        }
        assertThat(afterOneNano()).isEqualTo(now + TurnClock.MAX_READS);
    }

    @Test
    void isTheRealOneForOtherThreads() {
        long now = clock.nanoTime();
        assertThat(afterOneNano()).isEqualTo(now + 1);
    }
}
