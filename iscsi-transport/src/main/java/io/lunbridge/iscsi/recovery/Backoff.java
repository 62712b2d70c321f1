package io.lunbridge.iscsi.recovery;

import java.util.function.DoubleSupplier;

/**
 * When to try next: at once, then after 1, 2, 4, … {@value #MAX_SECONDS} s, each a quarter more or less by chance, so that
 * the initiators of a target that comes back do not all arrive together. Starts anew only when a session was stable.
 */
final class Backoff {

    static final int MAX_SECONDS = 30;

    private static final long MILLIS = 1000;
    private static final int MAX_DOUBLINGS = 5;
    private static final double JITTER = 0.25;

    private final DoubleSupplier random;
    private int failures;

    /** Draws from {@code random} numbers from 0 to 1. */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    void restart() {
        failures = 0;
    }

    /** How long to wait for the next attempt. */
    long nextMillis() {
        if (failures == 0) {
            failures++;
            return 0;
        }
        long seconds = Math.min(MAX_SECONDS, 1L << Math.min(failures - 1, MAX_DOUBLINGS));
        failures++;
        return spread(seconds * MILLIS);
    }

    /** About the longest wait. */
    long slowMillis() {
        return spread(MAX_SECONDS * MILLIS);
    }

    private long spread(long millis) {
        return Math.round(millis * (1 + JITTER * (2 * random.getAsDouble() - 1)));
    }
}
