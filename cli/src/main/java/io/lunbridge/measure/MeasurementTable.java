package io.lunbridge.measure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Measurements for people, a line each, so that each can be shown as soon as it is there. */
public final class MeasurementTable {

    private static final double NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double BYTES_PER_MIB = 1 << 20;

    private MeasurementTable() {}

    /** What stands above the lines. */
    public static String title() {
        return line("workload", List.of("depth", "IOPS", "MiB/s", "mean", "p50", "p90", "p99", "p99.9", "max"));
    }

    /** A measurement that is not empty. */
    public static String line(Measurement measurement) {
        Histogram latencies = measurement.latencies();
        return line(
                measurement.workload().name(),
                List.of(
                        Integer.toString(measurement.workload().depth()),
                        rounded(measurement.requestsPerSecond(), 0),
                        rounded(measurement.bytesPerSecond() / BYTES_PER_MIB, 1),
                        time(Math.round(latencies.getMean())),
                        time(latencies.getValueAtPercentile(50)),
                        time(latencies.getValueAtPercentile(90)),
                        time(latencies.getValueAtPercentile(99)),
                        time(latencies.getValueAtPercentile(99.9)),
                        time(latencies.getMaxValue())));
    }

    private static String line(String name, List<String> cells) {
        Object[] all = new Object[cells.size() + 1];
        all[0] = name;
        for (int i = 0; i < cells.size(); i++) {
            all[i + 1] = cells.get(i);
        }
        return String.format(Locale.ROOT, "%-28s %5s %9s %9s %9s %9s %9s %9s %9s %9s", all);
    }

    /** Three digits at least. */
    static String time(long nanos) {
        if (nanos < 10 * NANOS_PER_MILLI) {
            return rounded(nanos / NANOS_PER_MICRO, 0) + " us";
        }
        if (nanos < NANOS_PER_SECOND) {
            return rounded(nanos / NANOS_PER_MILLI, 1) + " ms";
        }
        return rounded(nanos / NANOS_PER_SECOND, 2) + " s";
    }

    private static String rounded(double number, int digits) {
        return BigDecimal.valueOf(number).setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
