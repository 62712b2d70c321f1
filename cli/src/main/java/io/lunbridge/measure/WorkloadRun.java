package io.lunbridge.measure;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One workload on one device, from the first request to the last answer: each answer calls for the next request until
 * the time is over, something fails, or it is stopped. Confined to the device's loop but for {@link #outcome} and {@link
 * #stop}.
 */
final class WorkloadRun {

    private static final long MAX_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;

    private final BlockDevice device;
    private final Workload workload;
    private final Places places;
    private final @Nullable WriteData data;
    private final Histogram latencies = new Histogram(MAX_LATENCY_NANOS, DIGITS);
    private final CompletableFuture<Measurement> outcome = new CompletableFuture<>();
    private long beginNanos;
    private long endNanos;
    private int underWay;
    private boolean ending;
    private @Nullable BlockException failure;

    /** @param data what is written, the caller's to release after the outcome; null where nothing is */
    WorkloadRun(BlockDevice device, Workload workload, Places places, @Nullable WriteData data) {
        this.device = device;
        this.workload = workload;
        this.places = places;
        this.data = data;
    }

    /** The measurement, once no request is under way any more; or the first request's failure. Any thread. */
    CompletableFuture<Measurement> outcome() {
        return outcome;
    }

    /**
     * Begins.
     *
     * @param warmNanos how long what is done does not count yet
     */
    void start(long warmNanos, long measuredNanos) {
        beginNanos = now() + warmNanos;
        endNanos = beginNanos + measuredNanos;
        underWay = workload.depth();
        for (int i = 0; i < workload.depth(); i++) {
            new Slot().run();
        }
    }

    /** Makes no further request; what is there is the measurement. Any thread. */
    void stop() {
        device.eventLoop().execute(() -> {
            if (!ending) {
                end(now());
            }
        });
    }

    private void end(long nowNanos) {
        ending = true;
        endNanos = Math.min(endNanos, nowNanos);
    }

    private long now() {
        return device.eventLoop().ticker().nanoTime();
    }

    private void answered(long startNanos) {
        long nowNanos = now();
        if (nowNanos - endNanos >= 0) {
            ending = true;
        } else if (nowNanos - beginNanos >= 0 && !ending) {
            latencies.recordValue(Math.min(nowNanos - startNanos, MAX_LATENCY_NANOS));
        }
    }

    private void failed(BlockException cause) {
        failure = failure == null ? cause : failure;
        ending = true;
    }

    private void idle() {
        underWay--;
        if (underWay > 0) {
            return;
        }
        if (failure != null) {
            outcome.completeExceptionally(failure);
        } else {
            outcome.complete(new Measurement(workload, endNanos - beginNanos, latencies));
        }
    }

    /** One request after the other. */
    private final class Slot implements Completion {

        private long startNanos;
        private boolean requesting;
        private boolean answeredAtOnce;

        /** Goes on by itself with each answer. A device may answer within the call: then it is this loop that does. */
        private void run() {
            while (!ending) {
                startNanos = now();
                answeredAtOnce = false;
                requesting = true;
                request();
                requesting = false;
                if (!answeredAtOnce) {
                    return;
                }
            }
            idle();
        }

        private void request() {
            if (data == null) {
                device.read(places.next(), workload.blockBytes(), this);
            } else {
                device.write(places.next(), data.next(), Durability.CACHED, this);
            }
        }

        private void goOn() {
            if (requesting) {
                answeredAtOnce = true;
            } else {
                run();
            }
        }

        @Override
        public void succeeded(ByteBuf read) {
            read.release();
            answered(startNanos);
            goOn();
        }

        @Override
        public void failed(BlockException cause) {
            WorkloadRun.this.failed(cause);
            goOn();
        }
    }
}
