package io.lunbridge.devices;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads that may block, none of which keeps the process alive. */
public final class Threads {

    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    public static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, "lunbridge-" + name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((dead, e) -> LOG.error("{} died", dead.getName(), e));
        thread.start();
        return thread;
    }

    /** Work whose outcome somebody may wait for. */
    public static <T> CompletableFuture<T> call(String name, Callable<T> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        start(name, () -> {
            try {
                outcome.complete(work.call());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    /** Waits for all that is done in time, whatever comes of it. An interrupt does not cut it short. */
    public static void awaitAll(Iterable<? extends CompletableFuture<?>> works, long limitMillis) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        boolean interrupted = false;
        for (CompletableFuture<?> work : works) {
            while (!work.isDone() && System.nanoTime() - endNanos < 0) {
                interrupted |= awaitOnce(work, endNanos - System.nanoTime());
            }
            if (work.isCompletedExceptionally()) {
                var unused = work.whenComplete((nothing, why) -> LOG.warn("one of several has failed", why));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was interrupted. */
    private static boolean awaitOnce(CompletableFuture<?> work, long limitNanos) {
        try {
            work.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("one of several is not done", e);
        } catch (InterruptedException e) {
            return true;
        }
        return false;
    }
}
