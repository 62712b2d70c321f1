package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.UnitAttention;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What a disk counts. Confined to its event loop; nothing is allocated when something is counted. */
@SuppressWarnings("EnumOrdinal") // plain numbers, counted on the data path
final class DiskCounters {

    /** Longer than any command may take; longer ones count as this. */
    private static final long MAX_MICROS = TimeUnit.HOURS.toMicros(1);

    /** The figures are right to one part in a hundred. */
    private static final int SIGNIFICANT_DIGITS = 2;

    private static final Operation[] OPERATIONS = Operation.values();
    private static final Refusal[] REFUSALS = Refusal.values();
    private static final UnitAttention[] ATTENTIONS = UnitAttention.values();

    private final Histogram[] latencies = new Histogram[OPERATIONS.length];
    private final long[] bytes = new long[OPERATIONS.length];
    private final long[] failures = new long[OPERATIONS.length];
    private final long[] retries = new long[REFUSALS.length];
    private final long[] attentions = new long[ATTENTIONS.length];
    private long transportRetries;

    DiskCounters() {
        Arrays.setAll(latencies, operation -> new Histogram(MAX_MICROS, SIGNIFICANT_DIGITS));
    }

    /** A command was carried out, so long after it was first submitted. */
    void succeeded(Operation operation, long movedBytes, long nanos) {
        latencies[operation.ordinal()].recordValue(Math.min(MAX_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
        bytes[operation.ordinal()] += movedBytes;
    }

    void failed(Operation operation) {
        failures[operation.ordinal()]++;
    }

    /** A command is sent again after such a refusal. */
    void retried(Refusal why) {
        retries[why.ordinal()]++;
    }

    /** A command is sent again because it was damaged or aborted on its way, or its session was lost. */
    void retriedAfterTransport() {
        transportRetries++;
    }

    void attention(UnitAttention news) {
        attentions[news.ordinal()]++;
    }

    Map<String, DiskStatistics.OfOperation> operations() {
        Map<String, DiskStatistics.OfOperation> figures = new LinkedHashMap<>();
        for (Operation operation : OPERATIONS) {
            int i = operation.ordinal();
            if (latencies[i].getTotalCount() + failures[i] > 0) {
                figures.put(
                        name(operation),
                        new DiskStatistics.OfOperation(
                                latencies[i].getTotalCount(),
                                bytes[i],
                                failures[i],
                                DiskStatistics.Latency.of(latencies[i])));
            }
        }
        return figures;
    }

    Map<String, Long> retries() {
        Map<String, Long> figures = new LinkedHashMap<>();
        for (Refusal refusal : REFUSALS) {
            putIfAny(figures, name(refusal), retries[refusal.ordinal()]);
        }
        putIfAny(figures, "transport", transportRetries);
        return figures;
    }

    Map<String, Long> attentions() {
        Map<String, Long> figures = new LinkedHashMap<>();
        for (UnitAttention news : ATTENTIONS) {
            putIfAny(figures, name(news), attentions[news.ordinal()]);
        }
        return figures;
    }

    private static void putIfAny(Map<String, Long> figures, String name, long count) {
        if (count > 0) {
            figures.put(name, count);
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
