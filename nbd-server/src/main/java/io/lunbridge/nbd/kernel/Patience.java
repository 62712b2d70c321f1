package io.lunbridge.nbd.kernel;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A stretch of time to wait in. Only for threads that may block. */
final class Patience {

    private static final long POLL_MILLIS = 20;

    private final Ticker ticker;
    private final long deadlineNanos;

    private Patience(Ticker ticker, long millis) {
        this.ticker = ticker;
        this.deadlineNanos = ticker.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    static Patience ofMillis(long millis) {
        return new Patience(Ticker.systemTicker(), millis);
    }

    boolean isOver() {
        return leftMillis() <= 0;
    }

    long leftMillis() {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - ticker.nanoTime());
    }

    /** Waits a moment before a condition is looked at again; the kernel's files tell nobody that they changed. */
    void pause() throws InterruptedException {
        ticker.sleepMillis(POLL_MILLIS);
    }

    /** Waits until the condition holds; false when the time is over first. */
    boolean await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (isOver()) {
                return false;
            }
            pause();
        }
        return true;
    }

    /**
     * Runs a call that may hang in the kernel, on a thread that is left behind if it does.
     *
     * @throws TimeoutException when the time is over first
     */
    <T> T call(String threadName, Callable<T> call) throws KernelException, InterruptedException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(call);
        startDaemon(threadName, task);
        try {
            return task.get(Math.max(0, leftMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KernelException known) {
                throw known;
            }
            throw KernelException.Kind.SYSTEM.because(String.valueOf(e.getCause()));
        }
    }

    static void startDaemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
