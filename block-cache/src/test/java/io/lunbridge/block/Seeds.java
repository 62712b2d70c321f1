package io.lunbridge.block;

import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** The seeds of randomised tests: a few fixed ones and a new one each run, or the one of {@code -Dlunbridge.seed}. */
public final class Seeds {

    private static final String PROPERTY = "lunbridge.seed";

    private Seeds() {}

    /** Runs the test once with each seed; a failure names the seed that it happened with. */
    public static void each(LongConsumer test) {
        Long chosen = Long.getLong(PROPERTY);
        LongStream seeds = chosen != null ? LongStream.of(chosen) : LongStream.of(1, new Random().nextInt(1 << 30));
        seeds.forEach(seed -> {
            try {
                test.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("failed with -D" + PROPERTY + "=" + seed + ": " + e.getMessage(), e);
            }
        });
    }
}
