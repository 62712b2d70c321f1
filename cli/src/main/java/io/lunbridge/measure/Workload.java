package io.lunbridge.measure;

import io.lunbridge.daemon.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Requests of one kind and length, always so many of them under way.
 *
 * @param blockBytes of each request, which begins at a multiple of it
 * @param depth requests under way at a time, 1 to {@link #MAX_DEPTH}
 */
public record Workload(Kind kind, Order order, int blockBytes, int depth) {

    /** As many commands as a session takes at a time. */
    public static final int MAX_DEPTH = 256;

    /** Of all requests under way together. */
    public static final long MAX_UNDER_WAY_BYTES = 256L << 20;

    private static final int SMALL_BYTES = 4 << 10;
    private static final int LARGE_BYTES = 128 << 10;
    private static final int HUGE_BYTES = 1 << 20;

    /** What is done to the LUN. */
    public enum Kind {
        READ,
        WRITE
    }

    /** Where a request is, after the one before it. */
    public enum Order {
        RANDOM,
        SEQUENTIAL
    }

    /** What tells most of a LUN: the way's latency, its requests per second, its bytes per second. */
    public static List<Workload> usual(boolean writes) {
        List<Workload> usual = new ArrayList<>();
        for (Kind kind : kinds(writes)) {
            usual.add(new Workload(kind, Order.RANDOM, SMALL_BYTES, 1));
            usual.add(new Workload(kind, Order.RANDOM, SMALL_BYTES, 32));
            usual.add(new Workload(kind, Order.SEQUENTIAL, LARGE_BYTES, 16));
            usual.add(new Workload(kind, Order.SEQUENTIAL, HUGE_BYTES, 8));
        }
        return usual;
    }

    /** Reads, and where asked for writes too. */
    public static List<Kind> kinds(boolean writes) {
        return writes ? List.of(Kind.READ, Kind.WRITE) : List.of(Kind.READ);
    }

    /** As in {@code random read 4 KiB}. */
    public String name() {
        return word(order) + " " + word(kind) + " " + ByteSize.describe(blockBytes);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
