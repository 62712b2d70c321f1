package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Fails chosen requests: before they reach the medium, or, as a broken line does, after the medium has done the work.
 */
public final class FaultyBlockDevice extends ForwardingTestDevice {

    private Predicate<TestRequest> faults = request -> false;
    private Predicate<TestRequest> lateFaults = request -> false;
    private BlockError error = BlockError.IO;
    private int failed;

    public FaultyBlockDevice(BlockDevice lower) {
        super(lower);
    }

    /** Fails each request that the predicate holds for; the medium never sees it. */
    public FaultyBlockDevice failing(Predicate<TestRequest> which) {
        faults = which;
        return this;
    }

    /** Fails each request that the predicate holds for, after the lower device has carried it out. */
    public FaultyBlockDevice failingLate(Predicate<TestRequest> which) {
        lateFaults = which;
        return this;
    }

    /** Fails this share of the requests, half of them late; the seed makes a run repeatable. */
    public FaultyBlockDevice failingRandomly(double share, long seed) {
        Random random = new Random(seed);
        failing(request -> random.nextDouble() < share / 2);
        return failingLate(request -> random.nextDouble() < share / 2);
    }

    /** What failed requests fail with; {@link BlockError#IO} unless told. */
    public FaultyBlockDevice with(BlockError cause) {
        error = cause;
        return this;
    }

    /** How many requests were made to fail so far. */
    public int failed() {
        return failed;
    }

    @Override
    void submit(TestRequest request) {
        if (faults.test(request)) {
            failed++;
            request.refuse(error, "made to fail: " + request.kind());
        } else if (lateFaults.test(request)) {
            failed++;
            request.carryOut(new Late(request));
        } else {
            request.carryOut();
        }
    }

    private final class Late implements Completion {

        private final TestRequest request;

        Late(TestRequest request) {
            this.request = request;
        }

        @Override
        public void succeeded(ByteBuf data) {
            data.release();
            request.done().failed(new BlockException(error, "made to fail late: " + request.kind()));
        }

        @Override
        public void failed(BlockException cause) {
            request.done().failed(cause);
        }
    }
}
