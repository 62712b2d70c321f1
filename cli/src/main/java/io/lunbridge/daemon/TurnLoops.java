package io.lunbridge.daemon;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Event loops that read the clock once a turn: see {@link TurnClock}. */
final class TurnLoops extends MultiThreadIoEventLoopGroup {

    TurnLoops(int loops, ThreadFactory threads, IoHandlerFactory handlers) {
        super(loops, threads, handlers);
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... args) {
        return new Loop(this, executor, handlers, new TurnClock(Ticker.systemTicker()));
    }

    private static final class Loop extends SingleThreadIoEventLoop {

        private final @Nullable TurnClock clock;

        Loop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory handlers, TurnClock clock) {
            super(parent, executor, TurnIoHandler.factory(handlers, clock));
            this.clock = clock;
        }

        @Override
        public Ticker ticker() {
            return clock == null ? super.ticker() : clock; // asked by the superclass's constructor too
        }
    }
}
