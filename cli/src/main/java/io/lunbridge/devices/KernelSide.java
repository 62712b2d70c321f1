package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.nbd.kernel.AttachRequest;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelAttachment.End;
import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where devices come from: the kernel, or, where there is none to be had, something that keeps to the same rules. A device
 * outlives the process that attached it, and is known to the next one by its backend identifier. Every method may block,
 * for a bounded time, and is not cut short by an interrupt.
 */
interface KernelSide {

    /** The socket between a device and its export. */
    interface Link {

        NbdDevice device();

        /** Whether the device is larger than its export has become, as somebody uses it. Any thread. */
        boolean isShrunk();

        /** Completes, on any thread, when the socket is closed. */
        CompletableFuture<End> ended();

        /**
         * Answers what is in flight, flushes, closes the socket, and leaves the device to the next process. Completes
         * within the limit, exceptionally if something was left unanswered or unflushed.
         */
        CompletableFuture<?> release(long limitMillis);
    }

    /** A new device on the export. */
    Link attach(AttachRequest request) throws CommandException;

    /** A new socket for a device whose old one is dead. */
    Link reattach(NbdDevice device, AttachRequest request) throws CommandException;

    /** The device of that name, if there is one. */
    @Nullable
    NbdDevice find(String backendIdentifier);

    /** Takes a device away, whoever attached it; refuses one that is used, unless forced. */
    Detached detach(NbdDevice device, boolean force) throws CommandException;

    /** What keeps a device from being detached, mounts and the like, as phrases that follow its name; none if it is idle. */
    List<String> uses(NbdDevice device);

    /** All devices, whoever attached them. */
    List<AttachedDevice> list();
}
