package io.lunbridge.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.measure.Workload.Kind;
import io.lunbridge.measure.Workload.Order;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacesTest {

    @Test
    void afterTheLastBlockComesTheFirst() {
        Places places = new Places(new Workload(Kind.READ, Order.SEQUENTIAL, 4096, 1), 3 * 4096 + 512, 1);
        assertThat(new long[] {places.next(), places.next(), places.next(), places.next()})
                .containsExactly(0, 4096, 8192, 0);
    }

    @Test
    void randomOnesReachEveryBlockAndNoOtherPlace() {
        Places places = new Places(new Workload(Kind.READ, Order.RANDOM, 4096, 1), 3 * 4096 + 512, 1);
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(places.next());
        }
        assertThat(seen).containsExactlyInAnyOrder(0L, 4096L, 8192L);
    }

    @Test
    void timesAreReadable() {
        assertThat(MeasurementTable.time(123_400)).isEqualTo("123 us");
        assertThat(MeasurementTable.time(9_998_600)).isEqualTo("9999 us");
        assertThat(MeasurementTable.time(123_400_000)).isEqualTo("123.4 ms");
        assertThat(MeasurementTable.time(12_345_000_000L)).isEqualTo("12.35 s");
    }
}
