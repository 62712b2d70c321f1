package io.lunbridge.block;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A loop with a thread of its own. */
final class ThreadTestLoop implements TestLoop {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 200_000;

    private final EventLoop loop;
    private final Runnable stop;

    private ThreadTestLoop(EventLoop loop, Runnable stop) {
        this.loop = loop;
        this.stop = stop;
    }

    static ThreadTestLoop nio() {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        return new ThreadTestLoop(
                group.next(),
                () -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(PATIENCE.toMillis()));
    }

    static ThreadTestLoop of(EventLoop loop) {
        return new ThreadTestLoop(loop, () -> {});
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void run(Runnable task) {
        call(() -> {
            task.run();
            return true;
        });
    }

    @Override
    public void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!call(condition::getAsBoolean)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + PATIENCE);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean call(Callable<Boolean> task) {
        Future<Boolean> outcome = loop.submit(task);
        try {
            return outcome.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("on the loop: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the loop did not run the task", e);
        }
    }

    @Override
    public void close() {
        stop.run();
    }
}
