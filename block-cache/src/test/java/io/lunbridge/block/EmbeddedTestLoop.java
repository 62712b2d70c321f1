package io.lunbridge.block;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Turns an embedded channel's loop by hand and lets virtual time jump from one scheduled task to the next. */
final class EmbeddedTestLoop implements TestLoop {

    private static final int MOST_TURNS = 1_000_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();

    EmbeddedTestLoop() {
        channel.freezeTime();
    }

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public void run(Runnable task) {
        channel.eventLoop().execute(task);
        channel.runPendingTasks();
        channel.checkException();
    }

    @Override
    public void await(BooleanSupplier condition) {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            if (condition.getAsBoolean()) {
                return;
            }
            channel.runPendingTasks();
            long nanosToNext = channel.runScheduledPendingTasks();
            if (condition.getAsBoolean()) {
                return;
            }
            if (channel.hasPendingTasks()) {
                continue; // of a scheduled one
            }
            if (nanosToNext < 0) {
                throw new AssertionError("nothing is left to run, and what is awaited has not happened");
            }
            channel.advanceTimeBy(nanosToNext, TimeUnit.NANOSECONDS);
        }
        throw new AssertionError("not after " + MOST_TURNS + " turns of the loop");
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
