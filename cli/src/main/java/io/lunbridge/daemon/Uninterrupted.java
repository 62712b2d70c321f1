package io.lunbridge.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting while cleaning up, which an interrupt shall not cut short: the interrupt is why we clean up. */
final class Uninterrupted {

    private Uninterrupted() {}

    /** Whether the latch opened in time. */
    static boolean await(CountDownLatch latch, long limit, TimeUnit unit) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return latch.await(limit, unit);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
