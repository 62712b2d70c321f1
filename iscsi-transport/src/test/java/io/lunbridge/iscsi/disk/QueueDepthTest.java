package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Down fast, up slowly. */
class QueueDepthTest {

    private final MockTicker ticker = Ticker.newMockTicker();
    private final QueueDepth depth = new QueueDepth(32, ticker);

    @Test
    void startsAtItsMost() {
        send(31);
        assertThat(depth.hasRoom()).isTrue();
        send(1);
        assertThat(depth.hasRoom()).isFalse();
    }

    @Test
    void aFullTaskSetLeavesAsManyAsItHolds() {
        fillATaskSetOfEight();
        assertThat(depth.current()).isEqualTo(8);
        assertThat(depth.hasRoom()).isFalse();
    }

    private void fillATaskSetOfEight() {
        send(32);
        for (int refused = 0; refused < 24; refused++) {
            depth.returned();
            depth.taskSetFull();
        }
    }

    @Test
    void neverFallsBelowOne() {
        send(1);
        depth.returned();
        depth.taskSetFull();
        depth.busy();
        assertThat(depth.current()).isEqualTo(1);
    }

    @Test
    void busyHalvesOncePerBurst() {
        send(32);
        for (int refused = 0; refused < 32; refused++) {
            depth.returned();
            depth.busy();
        }
        assertThat(depth.current()).isEqualTo(16);
        pass(100);
        depth.busy();
        assertThat(depth.current()).isEqualTo(8);
    }

    @Test
    void risesByOneASecondWhileItIsUsedUp() {
        fillATaskSetOfEight();
        pass(999);
        good();
        assertThat(depth.current()).isEqualTo(8);
        pass(1);
        good();
        good();
        assertThat(depth.current()).isEqualTo(9);
        pass(1000);
        depth.returned();
        depth.good();
        assertThat(depth.current()).as("not at its depth").isEqualTo(9);
    }

    @Test
    void risesToItsMostAndNoFurther() {
        send(2);
        depth.returned();
        depth.taskSetFull();
        for (int seconds = 0; seconds < 60; seconds++) {
            pass(1000);
            send(depth.current() - depth.inFlight());
            good();
        }
        assertThat(depth.current()).isEqualTo(32);
    }

    /** One of those in flight comes back well, and another takes its place. */
    private void good() {
        depth.returned();
        depth.good();
        depth.sent();
    }

    private void send(int commands) {
        for (int i = 0; i < commands; i++) {
            depth.sent();
        }
    }

    private void pass(long millis) {
        ticker.advance(millis, TimeUnit.MILLISECONDS);
    }
}
