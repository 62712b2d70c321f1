package io.lunbridge.daemon;

import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one event loop: its thread reads the real one once a turn, and every other thread each time. A loop and those
 * on it ask a dozen times in a turn, and where the kernel's clock source is one that user space cannot read (User Mode Linux,
 * some virtual machines), each is a system call.
 *
 * <p>What the loop reads is late by no more than the turn takes. Within a turn that does not end the real clock is read now
 * and then all the same, so that those who mean to stop after a while do.
 */
final class TurnClock implements Ticker {

    /** How often the same time is told. */
    static final int MAX_READS = 64;

    private final Ticker real;
    private @Nullable Thread owner;
    private long nanos;
    private int readsLeft;
    private boolean hasRead;

    TurnClock(Ticker real) {
        this.real = real;
    }

    /** This thread is the loop's, for good. */
    void own() {
        owner = Thread.currentThread();
    }

    /** Time may have passed. Called on the loop. */
    void forget() {
        readsLeft = 0;
    }

    /** The next reading tells the last time again, though some may have passed: it is good enough for a guess. */
    void recall() {
        if (readsLeft == 0 && hasRead) {
            readsLeft = 1;
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a thread is itself
    public long nanoTime() {
        if (Thread.currentThread() != owner) {
            return real.nanoTime();
        }
        if (readsLeft == 0) {
            nanos = real.nanoTime();
            readsLeft = MAX_READS;
            hasRead = true;
        }
        readsLeft--;
        return nanos;
    }

    @Override
    public long initialNanoTime() {
        return real.initialNanoTime();
    }

    @Override
    public void sleep(long delay, TimeUnit unit) throws InterruptedException {
        real.sleep(delay, unit);
    }
}
