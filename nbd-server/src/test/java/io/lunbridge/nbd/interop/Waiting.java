package io.lunbridge.nbd.interop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Polls for what a real socket or process brings about in its own time. */
final class Waiting {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_NANOS = 2_000_000;

    private Waiting() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
