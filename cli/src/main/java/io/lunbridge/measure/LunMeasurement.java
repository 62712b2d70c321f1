package io.lunbridge.measure;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/** Runs workloads on a device, one after the other, for a thread that may block. */
public final class LunMeasurement {

    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MAX_STOP_MILLIS = 5000;

    private final BlockDevice device;
    private final long measuredNanos;
    private final long seed;
    private boolean interrupted;

    /**
     * @param measured how long each workload is, after as long a time, two seconds at most, that warms up
     * @param seed of offsets and contents
     */
    public LunMeasurement(BlockDevice device, Duration measured, long seed) {
        this.device = device;
        this.measuredNanos = measured.toNanos();
        this.seed = seed;
    }

    /** Whether {@link #run} was interrupted; no further one is to be begun. */
    public boolean isInterrupted() {
        return interrupted;
    }

    /**
     * Finds what would make a workload fail.
     *
     * @throws CommandException if the device cannot do it
     */
    public void check(Workload workload) throws CommandException {
        Geometry geometry = device.geometry();
        int blockBytes = workload.blockBytes();
        if (blockBytes % geometry.blockBytes() != 0 || blockBytes > geometry.maxTransferBytes()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--block-size must be a multiple of the LUN's block size, " + geometry.blockBytes()
                            + " bytes, and at most " + geometry.maxTransferBytes());
        }
        if (blockBytes > geometry.sizeBytes()) {
            throw new CommandException(
                    ExitCode.OUT_OF_RANGE,
                    "there are " + geometry.sizeBytes() + " bytes to measure, too few for a request of " + blockBytes
                            + "; choose a smaller --block-size");
        }
        if (workload.kind() == Workload.Kind.WRITE && !geometry.has(Feature.WRITE)) {
            throw new CommandException(
                    ExitCode.NOT_PERMITTED,
                    "the LUN is write-protected; leave out --write, or lift that at the target");
        }
    }

    /**
     * Runs a workload that has been checked. Interrupted, it lets what is under way end and returns what was measured
     * until then.
     *
     * @throws BlockException if a request failed
     */
    public Measurement run(Workload workload) throws BlockException {
        Places places = new Places(workload, device.geometry().sizeBytes(), seed);
        if (workload.kind() == Workload.Kind.READ) {
            return await(workload, new WorkloadRun(device, workload, places, null));
        }
        try (WriteData data = new WriteData(workload.blockBytes(), seed)) {
            return await(workload, new WorkloadRun(device, workload, places, data));
        }
    }

    private Measurement await(Workload workload, WorkloadRun run) throws BlockException {
        long warmNanos = Math.min(WARM_NANOS, measuredNanos);
        device.eventLoop().execute(() -> run.start(warmNanos, measuredNanos));
        try {
            return run.outcome().get();
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            interrupted = true;
            run.stop();
            return afterStop(workload, run.outcome());
        }
    }

    /** What is under way has a moment to end. */
    private static Measurement afterStop(Workload workload, CompletableFuture<Measurement> outcome)
            throws BlockException {
        try {
            return outcome.get(MAX_STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException | TimeoutException e) {
            return new Measurement(workload, 0, new Histogram(1));
        }
    }

    private static BlockException failure(ExecutionException e) {
        if (e.getCause() instanceof BlockException known) {
            return known;
        }
        throw new IllegalStateException(e.getCause());
    }
}
