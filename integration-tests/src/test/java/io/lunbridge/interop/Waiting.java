package io.lunbridge.interop;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition of another process. There is nothing to be notified by, so it polls, up to a limit. */
public final class Waiting {

    private static final long POLL_MILLIS = 10;

    private Waiting() {}

    /** Returns when {@code condition} holds; an assertion error with {@code complaint} after {@code limit}. */
    public static void until(Duration limit, BooleanSupplier condition, Supplier<String> complaint) {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError("after " + limit + ": " + complaint.get());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
