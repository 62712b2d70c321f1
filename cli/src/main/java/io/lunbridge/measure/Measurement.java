package io.lunbridge.measure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What came of a workload: of the requests that ended within the measured time, from being handed to the device until
 * its answer.
 *
 * @param nanos measured time
 * @param latencies in nanoseconds; not changed any more
 */
public record Measurement(Workload workload, long nanos, Histogram latencies) {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    /** Whether there is anything to tell. */
    public boolean isEmpty() {
        return nanos <= 0 || latencies.getTotalCount() == 0;
    }

    double seconds() {
        return nanos / NANOS_PER_SECOND;
    }

    double requestsPerSecond() {
        return latencies.getTotalCount() / seconds();
    }

    double bytesPerSecond() {
        return requestsPerSecond() * workload.blockBytes();
    }

    /** For programs. */
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("kind", Workload.word(workload.kind()));
        values.put("order", Workload.word(workload.order()));
        values.put("blockBytes", workload.blockBytes());
        values.put("depth", workload.depth());
        values.put("seconds", rounded(seconds()));
        values.put("requests", latencies.getTotalCount());
        values.put("requestsPerSecond", rounded(requestsPerSecond()));
        values.put("bytesPerSecond", Math.round(bytesPerSecond()));
        values.put("meanMicros", micros(Math.round(latencies.getMean())));
        values.put("p50Micros", percentile(50));
        values.put("p90Micros", percentile(90));
        values.put("p99Micros", percentile(99));
        values.put("p99_9Micros", percentile(99.9));
        values.put("maxMicros", micros(latencies.getMaxValue()));
        return values;
    }

    private double percentile(double percent) {
        return micros(latencies.getValueAtPercentile(percent));
    }

    private static double micros(long nanos) {
        return rounded(nanos / NANOS_PER_MICRO);
    }

    private static double rounded(double number) {
        return Math.round(number * 1000) / 1000.0;
    }
}
