package io.lunbridge.devices;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.DeferredBlockDevice;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.Disks;
import io.lunbridge.devices.DeviceState.Served;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The return of a device whose former process has ended: logs in as the same session, which puts an end to what the target
 * still does for the old one, makes sure that the LUN is the one it was, and hands it to the requests that wait. Tries for
 * ever, at growing intervals. What waits longer than the replacement timeout fails, and so does, at once, what comes after
 * that; a return puts an end to that.
 */
final class Revival {

    private static final Logger LOG = LoggerFactory.getLogger(Revival.class);

    private static final long MIN_WAIT_MILLIS = 1000;
    private static final long MAX_WAIT_MILLIS = 30_000;

    /** What a login may take at the least, however impatient the device's user is. */
    private static final int MIN_PATIENCE_SECONDS = 3;

    private final String name;
    private final DeviceState state;
    private final Target target;
    private final DeferredBlockDevice deferred;
    private final Consumer<Step> reached;
    private final CompletableFuture<ScsiDisk> returned = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private final int patienceSeconds;

    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable Thread thread;
    private volatile boolean failed;
    private volatile String detail = "logging in";

    /**
     * A return that is still to begin.
     *
     * @param state of a device that has been served
     * @param deferred in whose place the LUN will be
     */
    Revival(DeviceState state, Target target, DeferredBlockDevice deferred, Consumer<Step> reached) {
        this.name = String.valueOf(state.device());
        this.state = state;
        this.target = target;
        this.deferred = deferred;
        this.reached = reached;
        int seconds = state.spec().session().recovery().replacementSeconds();
        patienceSeconds = seconds < 0 ? seconds : Math.max(seconds, MIN_PATIENCE_SECONDS);
    }

    /** Begins. */
    synchronized void start() {
        if (patienceSeconds >= 0) {
            deadline = eventLoop().schedule(this::timeOut, patienceSeconds, TimeUnit.SECONDS);
        }
        thread = Threads.start("return-" + name.substring(name.lastIndexOf('/') + 1), this::run);
    }

    /** Ends it. The LUN may have been handed over in the last moment. */
    synchronized void stop() {
        if (thread != null && !thread.equals(Thread.currentThread())) {
            thread.interrupt();
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Completes, on a thread that may block, when the LUN has got the requests. */
    CompletableFuture<ScsiDisk> returned() {
        return returned;
    }

    /** What waits fails now. */
    void fail(String why) {
        eventLoop().execute(() -> failWaiting(why));
    }

    /** Called on the event loop. */
    DeviceStatus status() {
        if (failed) {
            return new DeviceStatus("failed", 0, deferred.waiting(), DeviceStatus.NO_LIMIT, detail);
        }
        long passed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
        long left = patienceSeconds < 0 ? DeviceStatus.NO_LIMIT : Math.max(0, patienceSeconds - passed);
        return new DeviceStatus("recovering", 0, deferred.waiting(), left, detail);
    }

    private EventLoop eventLoop() {
        return target.eventLoop();
    }

    private void timeOut() {
        failWaiting("the target has not returned within " + patienceSeconds + " s");
    }

    private void failWaiting(String why) {
        if (!deferred.isSupplied()) {
            LOG.warn("{}: what waits fails now, and what comes fails at once: {}", name, why);
            failed = true;
            deferred.fail(new BlockException(BlockError.IO, why));
        }
    }

    private void run() {
        long waitMillis = MIN_WAIT_MILLIS;
        try {
            while (!isReturned()) {
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(waitMillis / 2, waitMillis));
                waitMillis = Math.min(2 * waitMillis, MAX_WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: nobody waits for its return any more", name);
        }
    }

    private boolean isReturned() throws InterruptedException {
        try {
            ScsiDisk disk = Disks.open(target.nexus(), state.spec().disk().url());
            String refusal = refusal(disk);
            if (refusal == null) {
                refusal = supply(disk);
            }
            if (refusal == null) {
                return true;
            }
            Disks.close(disk);
            tell(refusal);
            fail(refusal);
        } catch (CommandException e) {
            tell(e.sentence());
        } catch (RuntimeException e) {
            LOG.error("{}: a bug kept it from returning", name, e);
        }
        return false;
    }

    private void tell(String why) {
        if (why.equals(detail)) {
            LOG.debug("{} has not returned yet: {}", name, why);
        } else {
            LOG.warn("{} has not returned yet: {}", name, why);
        }
        detail = why;
    }

    private @Nullable String refusal(ScsiDisk disk) {
        Served served = state.served();
        String now = UnitName.of(disk.info());
        if (served == null || now.equals(served.unit())) {
            return null;
        }
        return "LUN " + disk.lun() + " is another unit than before (" + now + " in place of " + served.unit()
                + "), so nothing is read from it or written to it; bring the old one back, or detach " + name
                + " by force";
    }

    /** Why the disk cannot be the one that was there, null if it is. */
    private @Nullable String supply(ScsiDisk disk) throws InterruptedException {
        reached.accept(Step.SUPPLYING);
        try {
            eventLoop().submit(() -> deferred.supply(disk)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException known) {
                return String.valueOf(known.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        }
        reached.accept(Step.SUPPLIED);
        stopDeadline();
        failed = false;
        LOG.info("{} has returned after {} ms", name, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
        returned.complete(disk);
        return null;
    }

    private synchronized void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
