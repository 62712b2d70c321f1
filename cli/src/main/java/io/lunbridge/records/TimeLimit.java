package io.lunbridge.records;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Interrupts the thread that made it after a while, unless it is closed before; and takes the interrupt back then. */
final class TimeLimit implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread watched = Thread.currentThread();
    private final Thread watch;
    private volatile boolean over;

    TimeLimit(int seconds) {
        watch = new Thread(() -> await(seconds), "time-limit");
        watch.setDaemon(true);
        watch.start();
    }

    private void await(int seconds) {
        try {
            if (!closed.await(seconds, TimeUnit.SECONDS)) {
                over = true;
                watched.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        closed.countDown();
        boolean interrupted = false;
        while (watch.isAlive()) {
            try {
                watch.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        interrupted |= Thread.interrupted();
        if (interrupted && !over) {
            watched.interrupt();
        }
    }
}
