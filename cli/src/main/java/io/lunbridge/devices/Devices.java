package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.Root;
import java.util.List;

/**
 * The devices that this process holds. Every method blocks, may be called by any thread that may, and tells what the user
 * can do about it where it fails; operations on one device come one after the other, those on several side by side.
 */
public final class Devices implements AutoCloseable {

    private final Root root;

    private Devices(Root root) {
        this.root = root;
    }

    /**
     * Takes the place of this host's only daemon.
     *
     * @throws CommandException if there is one already
     */
    public static Devices open(Root root) throws CommandException {
        return new Devices(root);
    }

    /** Takes over what the previous daemon has left. Returns when the kernel's requests are taken again. */
    public void start() throws CommandException, InterruptedException {}

    /**
     * Attaches; the same request again gives the same device.
     *
     * @return {@code /dev/nbdN}, which can be mounted
     */
    public String attach(AttachSpec spec) throws CommandException, InterruptedException {
        throw new CommandException(ExitCode.FAILURE, "no device can be held in " + root + " yet: " + spec.disk());
    }

    /**
     * Takes a device away, ours or not.
     *
     * @param device as {@code /dev/nbdN} or {@code nbdN}
     * @param force also while it is in use, or its target is dead: what is in flight fails
     */
    public void detach(String device, boolean force) throws CommandException, InterruptedException {
        throw notOurs(device);
    }

    /** Fails all that waits for the device's target, now; what comes later fails at once until the target is back. */
    public void fail(String device) throws CommandException, InterruptedException {
        throw notOurs(device);
    }

    /** The devices, by number. */
    public List<Report> list() {
        return List.of();
    }

    /**
     * The way out when a successor is about to start: answers and flushes what is in flight, and lets go of the devices
     * without detaching them. What uses them waits for the successor.
     */
    public void release() {}

    /**
     * The way out for good: detaches idle devices, serves busy ones until they are not, then logs out.
     */
    @Override
    public void close() {}

    private static CommandException notOurs(String device) {
        return new CommandException(
                ExitCode.FAILURE, device + " is not attached by this daemon; 'lunbridge list' shows what is");
    }
}
