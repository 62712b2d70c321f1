package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of all devices of a session. A dead target does not keep them: an idle device has nothing that it could lose. */
final class SessionDetach {

    private static final Logger LOG = LoggerFactory.getLogger(SessionDetach.class);

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
        Backing backing = device.backing();
        boolean answers = backing != null && backing.isUsable();
        try {
            if (answers) {
                device.detach();
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
