package io.lunbridge.daemon;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import org.jspecify.annotations.Nullable;

/**
 * Another handler's turns, with the loop's {@link TurnClock} told when time may pass: between the last question before the
 * loop sleeps and whatever comes after it.
 */
final class TurnIoHandler implements IoHandler {

    private final IoHandler handler;
    private final TurnClock clock;
    private @Nullable Turn turn;

    private TurnIoHandler(IoHandler handler, TurnClock clock) {
        this.handler = handler;
        this.clock = clock;
    }

    /** Loops of these keep to one thread, and do not measure how busy they are, which would take three readings a turn. */
    static IoHandlerFactory factory(IoHandlerFactory handlers, TurnClock clock) {
        return executor -> new TurnIoHandler(handlers.newHandler(executor), clock);
    }

    @Override
    public void initialize() {
        clock.own();
        handler.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        if (turn == null) {
            turn = new Turn(context);
        }
        return handler.run(turn);
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }

    /** What a handler asks its loop; one of these is the last thing that it does before it waits. */
    private final class Turn implements IoHandlerContext {

        private final IoHandlerContext loop;

        Turn(IoHandlerContext loop) {
            this.loop = loop;
        }

        /**
         * The last time will do: where a timer has come due since, the handler is about to ask how long it may wait, and that
         * answer is none. It asks this twice before it waits.
         */
        @Override
        public boolean canBlock() {
            clock.recall();
            boolean can = loop.canBlock();
            clock.forget();
            return can;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            long delayNanos = loop.delayNanos(currentTimeNanos);
            clock.forget();
            return delayNanos;
        }

        @Override
        public long deadlineNanos() {
            long deadlineNanos = loop.deadlineNanos();
            clock.forget();
            return deadlineNanos;
        }
    }
}
