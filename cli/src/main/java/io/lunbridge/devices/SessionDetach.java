package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of all devices of a session. A dead target does not keep them (U-3, M-128): one that stops to answer meanwhile has
 * the record's logout_timeout to come back and take what is still to be written.
 */
final class SessionDetach {

    private static final Logger LOG = LoggerFactory.getLogger(SessionDetach.class);

    /** Between two looks at a target that may have died. */
    private static final long LOOK_MILLIS = 200;

    private final List<HeldDevice> devices;

    SessionDetach(List<HeldDevice> devices) {
        this.devices = devices;
    }

    /** Blocks until no device is left. */
    void run(boolean safe) throws CommandException, InterruptedException {
        if (safe) {
            requireIdle();
        }
        List<CompletableFuture<Boolean>> ends = new ArrayList<>();
        for (HeldDevice device : devices) {
            ends.add(Threads.call("logout-" + device.state().id(), () -> {
                end(device, safe);
                return true;
            }));
        }
        CommandException refusal = null;
        for (CompletableFuture<Boolean> end : ends) {
            CommandException why = outcome(end);
            refusal = refusal == null ? why : refusal;
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void requireIdle() throws CommandException {
        for (HeldDevice device : devices) {
            List<String> uses = device.uses();
            if (!uses.isEmpty()) {
                throw new CommandException(
                        ExitCode.BUSY,
                        device.state().device() + " " + String.join(" and ", uses) + "; release it first");
            }
        }
    }

    private static void end(HeldDevice device, boolean safe) throws CommandException, InterruptedException {
        try {
            if (answers(device)) {
                detachUnlessDead(device);
            } else {
                device.detachByForce();
            }
        } catch (CommandException e) {
            if (safe && e.exitCode() == ExitCode.BUSY) {
                throw e;
            }
            LOG.warn("{}; it is taken away all the same", e.sentence());
            device.detachByForce();
        }
    }

    private static boolean answers(HeldDevice device) {
        Backing backing = device.backing();
        return backing != null && backing.isUsable();
    }

    private static void detachUnlessDead(HeldDevice device) throws CommandException, InterruptedException {
        int patienceMillis = device.state().spec().session().timeouts().logoutMillis();
        CompletableFuture<Boolean> detach =
                Threads.call("detach-" + device.state().id(), () -> {
                    device.detach();
                    return true;
                });
        long answeredNanos = System.nanoTime();
        while (isUnderWay(detach)) {
            long nowNanos = System.nanoTime();
            if (answers(device)) {
                answeredNanos = nowNanos;
            } else if (nowNanos - answeredNanos > TimeUnit.MILLISECONDS.toNanos(patienceMillis)) {
                LOG.warn(
                        "{} is taken away without what was still to be written: its target does not answer",
                        device.state().device());
                device.detachByForce();
                return;
            }
        }
        CommandException refusal = outcome(detach);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Waits a moment for its end. */
    private static boolean isUnderWay(CompletableFuture<Boolean> work) throws InterruptedException {
        try {
            work.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return true;
        } catch (ExecutionException e) {
            return false;
        }
        return false;
    }

    private static @Nullable CommandException outcome(CompletableFuture<Boolean> end) throws InterruptedException {
        try {
            end.get();
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException known) {
                return known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
