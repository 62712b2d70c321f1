package io.lunbridge.iscsi.disk;

import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a disk has counted up to a moment: a copy, for any thread. Only what happened at all is in the maps.
 *
 * @param operations by their names, such as {@code read}
 * @param retries commands that were sent again, by cause
 * @param attentions unit attentions and asynchronous messages, by what they told
 * @param queue how many commands are where, now
 */
public record DiskStatistics(
        Map<String, OfOperation> operations, Map<String, Long> retries, Map<String, Long> attentions, Queue queue) {

    /**
     * One kind of command.
     *
     * @param count those that succeeded
     * @param bytes that these have read or written
     * @param failures those that failed in the end
     * @param latency from the first submission to success, so with all waiting and repeating
     */
    public record OfOperation(long count, long bytes, long failures, Latency latency) {}

    /** Times in microseconds, right to one part in a hundred. */
    public record Latency(long meanMicros, long medianMicros, long p99Micros, long p999Micros, long maxMicros) {

        private static final double MEDIAN = 50;
        private static final double P99 = 99;
        private static final double P999 = 99.9;

        static Latency of(Histogram micros) {
            return new Latency(
                    Math.round(micros.getMean()),
                    micros.getValueAtPercentile(MEDIAN),
                    micros.getValueAtPercentile(P99),
                    micros.getValueAtPercentile(P999),
                    micros.getMaxValue());
        }
    }

    /**
     * The commands of the disk.
     *
     * @param depth how many go to the unit at once, at present
     * @param maxDepth how many at most
     * @param inFlight those that have gone
     * @param held those that wait
     */
    public record Queue(int depth, int maxDepth, int inFlight, int held) {}
}
