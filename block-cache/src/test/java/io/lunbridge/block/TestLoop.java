package io.lunbridge.block;

import io.netty.channel.EventLoop;
import java.util.function.BooleanSupplier;

/** The event loop of a test: either one that the test itself turns, or a real one on a thread of its own. */
public interface TestLoop extends AutoCloseable {

    /** A loop without a thread and with a clock that only {@link #await} moves: every run is the same. */
    static TestLoop embedded() {
        return new EmbeddedTestLoop();
    }

    /** A real NIO loop on its own thread, stopped by {@link #close}. */
    static TestLoop nio() {
        return ThreadTestLoop.nio();
    }

    /** A loop that somebody else owns and stops. */
    static TestLoop of(EventLoop loop) {
        return ThreadTestLoop.of(loop);
    }

    EventLoop loop();

    /** Runs the task on the loop and returns when it is done; what it throws is thrown here. */
    void run(Runnable task);

    /** Returns when the condition, asked on the loop, holds; fails when it can no longer, or not for 30 s. */
    void await(BooleanSupplier condition);

    @Override
    void close();
}
