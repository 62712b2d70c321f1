package io.lunbridge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class NbdSimulationTest {

    private static final int REQUESTS = 10_000;

    @Test
    void everyByteIsRightWithSimpleReplies() {
        Seeds.each(seed -> {
            try (NbdBench bench = new NbdBench(seed, false, 0)) {
                bench.run(REQUESTS);
                bench.readEverything();
                bench.disconnect();
                bench.compareMedium();
            }
        });
    }

    @Test
    void everyByteIsRightWithStructuredReplies() {
        Seeds.each(seed -> {
            try (NbdBench bench = new NbdBench(seed, true, 0)) {
                bench.run(REQUESTS);
                bench.readEverything();
                bench.disconnect();
                bench.compareMedium();
            }
        });
    }

    @Test
    void noByteIsWrongWhileRequestsFail() {
        Seeds.each(seed -> {
            try (NbdBench bench = new NbdBench(seed, true, 0.02)) {
                bench.run(REQUESTS);
                assertThat(bench.failures()).isBetween(REQUESTS / 200, REQUESTS / 3);
                bench.disconnect();
                bench.compareMedium();
            }
        });
    }

    @Test
    void aTornConnectionLeavesOnlyWhatWasAsked() {
        Seeds.each(seed -> {
            try (NbdBench bench = new NbdBench(seed, false, 0)) {
                bench.run(500);
                bench.tear(40);
                bench.compareMedium();
            }
        });
    }
}
