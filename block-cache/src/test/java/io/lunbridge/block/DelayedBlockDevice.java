package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Answers in another order than it was asked, as a disk may. Of each request it holds back either the whole (so that
 * the medium sees it late) or only the answer (so that the medium saw it early), by a seeded throw.
 *
 * <p>What is held leaves by {@link #releaseOne}, or, after {@link #releasingWithin}, by the loop's clock.
 */
public final class DelayedBlockDevice extends ForwardingTestDevice {

    private final Random random;
    private final List<Held> held = new ArrayList<>();
    private long longestDelayMicros;
    private boolean closed;

    public DelayedBlockDevice(BlockDevice lower, long seed) {
        super(lower);
        this.random = new Random(seed);
    }

    /** From now on each request takes a random time up to this on the loop's clock, besides the lower device's. */
    public DelayedBlockDevice releasingWithin(long longestMicros) {
        longestDelayMicros = longestMicros;
        return this;
    }

    /** How many requests are held back now. */
    public int held() {
        return held.size();
    }

    /** Lets go a random one of those held. Called on the loop. */
    public void releaseOne() {
        if (!held.isEmpty()) {
            release(held.get(random.nextInt(held.size())));
        }
    }

    /** Lets go what is held now, in random order. Called on the loop. */
    public void releaseAll() {
        for (int left = held.size(); left > 0; left--) {
            releaseOne();
        }
    }

    @Override
    void submit(TestRequest request) {
        if (closed) {
            request.carryOut();
            return;
        }
        Held one = new Held(request);
        held.add(one);
        if (random.nextBoolean()) {
            one.early = true;
            request.carryOut(one);
        }
        if (longestDelayMicros > 0) {
            long delay = random.nextLong(longestDelayMicros);
            Future<?> unused = eventLoop().schedule(() -> release(one), delay, TimeUnit.MICROSECONDS);
        }
    }

    private void release(Held one) {
        if (held.remove(one)) {
            one.release();
        }
    }

    @Override
    public void close(Completion done) {
        closed = true;
        for (Held one : List.copyOf(held)) {
            if (held.remove(one)) {
                one.fail();
            }
        }
        super.close(done);
    }

    private static final class Held implements Completion {

        private final TestRequest request;
        private boolean early;
        private Runnable answer = () -> {};
        private Runnable drop = () -> {};
        private boolean released;
        private boolean answered;

        Held(TestRequest request) {
            this.request = request;
        }

        @Override
        public void succeeded(ByteBuf data) {
            drop = data::release;
            settle(() -> request.done().succeeded(data));
        }

        @Override
        public void failed(BlockException cause) {
            settle(() -> request.done().failed(cause));
        }

        private void settle(Runnable outcome) {
            answered = true;
            answer = outcome;
            if (released) {
                answer.run();
            }
        }

        void release() {
            released = true;
            if (!early) {
                request.carryOut();
            } else if (answered) {
                answer.run();
            }
        }

        /** The device closes: what is with the lower device is failed by that one, the rest is failed here. */
        void fail() {
            released = true;
            if (!early) {
                request.refuse(BlockError.SHUT_DOWN, "closed while delayed");
            } else if (answered) {
                drop.run();
                request.done().failed(new BlockException(BlockError.SHUT_DOWN, "closed while delayed"));
            }
        }
    }
}
