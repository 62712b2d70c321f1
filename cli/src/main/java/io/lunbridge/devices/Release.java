package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.devices.KernelSide.Link;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a device when the daemon ends. */
final class Release {

    private static final Logger LOG = LoggerFactory.getLogger(Release.class);

    /** For the answers and the flush of a device whose target answers. */
    private static final long RELEASE_MILLIS = 10_000;

    /** The same where nothing is to be expected. */
    private static final long HOPELESS_RELEASE_MILLIS = 500;

    /** For an operation that is under way. */
    private static final long MAX_TURN_MILLIS = 1000;

    private static final long RETRY_MILLIS = 500;

    private final HeldDevice device;

    Release(HeldDevice device) {
        this.device = device;
    }

    /** Detaches the device as soon as nobody uses it, or, when that is to be hurried, lets go of it. */
    void whenIdle(BooleanSupplier hurried) throws InterruptedException {
        boolean told = false;
        while (!device.isOver()) {
            if (hurried.getAsBoolean()) {
                now();
                return;
            }
            if (isKept()) {
                now();
                return;
            }
            String refusal = tryDetach();
            if (refusal != null && !told) {
                LOG.warn("still serving, as {}", refusal);
                told = true;
            }
            awaitOver(RETRY_MILLIS);
        }
    }

    /** A session's devices are there until it is logged out of, so an idle one waits for the successor. */
    private boolean isKept() {
        return device.state().spec().node() != null && device.uses().isEmpty();
    }

    /** It is not noted, as nobody has asked for it: should it be the last thing that this process does, it is lost. */
    private @Nullable String tryDetach() throws InterruptedException {
        device.turn().lockInterruptibly();
        try {
            if (!device.isOver()) {
                device.disconnect(false);
                device.dispose();
            }
            return null;
        } catch (CommandException e) {
            return e.sentence();
        } finally {
            device.turn().unlock();
        }
    }

    private void awaitOver(long millis) throws InterruptedException {
        try {
            device.over().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.trace("{} is still in use", device.state().device());
        }
    }

    /** Answers, flushes and lets go; kernel and state file keep the device for the next process. */
    void now() throws InterruptedException {
        if (!device.turn().tryLock(MAX_TURN_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn(
                    "{} is left in the middle of an operation; the next daemon ends it",
                    device.state().id());
            return;
        }
        try {
            Backing backing = device.backing();
            Link link = device.link();
            if (device.isOver() || backing == null || link == null) {
                return;
            }
            release(link, backing.isUsable() ? RELEASE_MILLIS : HOPELESS_RELEASE_MILLIS);
            device.means().reached().accept(Step.RELEASED);
            device.letGo();
        } finally {
            device.turn().unlock();
        }
    }

    private static void release(Link link, long limitMillis) throws InterruptedException {
        try {
            link.release(limitMillis).get(limitMillis + MAX_TURN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            LOG.warn("{}", cause == null ? e.toString() : cause.getMessage());
        } catch (TimeoutException e) {
            LOG.warn("{} was not released in time", link.device());
        }
    }
}
