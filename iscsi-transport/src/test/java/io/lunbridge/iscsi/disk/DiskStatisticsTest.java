package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Durability;
import io.netty.buffer.Unpooled;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a disk counts. */
class DiskStatisticsTest {

    private final FakeUnit unit = new FakeUnit().always(FakeUnit.READ_16, "5a".repeat(512));
    private final Outcomes outcomes = new Outcomes();

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void nothingOfTheOpeningCounts() {
        DiskStatistics statistics = unit.open().disk().statistics();
        assertThat(statistics)
                .isEqualTo(new DiskStatistics(Map.of(), Map.of(), Map.of(), new DiskStatistics.Queue(32, 32, 0, 0)));
    }

    @Test
    void countsBytesFailuresRetriesAndNewsByCause() {
        unit.open().next(FakeUnit.READ_16, FakeUnit.BUSY, FakeUnit.UNIT_ATTENTION, "02:70000b");
        unit.disk().read(0, 512, outcomes);
        unit.passMillis(100);
        unit.disk().write(0, Unpooled.directBuffer(1024).writeZero(1024), Durability.CACHED, outcomes);
        unit.run();
        unit.next(FakeUnit.READ_16, FakeUnit.MEDIUM_ERROR);
        unit.disk().read(0, 512, outcomes);
        unit.run();
        DiskStatistics statistics = unit.disk().statistics();
        DiskStatistics.OfOperation read = of("read");
        DiskStatistics.OfOperation write = of("write");
        assertThat(read.count()).isEqualTo(1);
        assertThat(read.bytes()).isEqualTo(512);
        assertThat(read.failures()).isEqualTo(1);
        assertThat(write.bytes()).isEqualTo(1024);
        assertThat(statistics.retries()).isEqualTo(Map.of("busy", 1L, "unit_attention", 1L, "aborted_command", 1L));
        assertThat(statistics.attentions()).isEqualTo(Map.of("reset", 1L));
    }

    @Test
    void latencyIsThatOfTheRequestWithAllItsAttempts() {
        unit.open().next(FakeUnit.READ_16, FakeUnit.BUSY, FakeUnit.BUSY);
        unit.disk().read(0, 512, outcomes);
        unit.passMillis(100);
        assertThat(of("read").latency().medianMicros()).isBetween(20_000L, 20_200L);
    }

    @Test
    void theQueueIsSeenAsItIs() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.BUSY);
        for (int i = 0; i < 40; i++) {
            unit.disk().read(0, 512, outcomes);
        }
        assertThat(unit.disk().statistics().queue()).isEqualTo(new DiskStatistics.Queue(32, 32, 32, 8));
        unit.passMillis(1000);
        assertThat(unit.disk().statistics().queue().held()).isEqualTo(40);
        assertThat(unit.disk().statistics().queue().depth()).isLessThan(32);
    }

    private DiskStatistics.OfOperation of(String operation) {
        return Objects.requireNonNull(unit.disk().statistics().operations().get(operation));
    }
}
