package io.lunbridge.daemon;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachRequest;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelDevices;
import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kernel device on an export of this process, and the two commands that need no export: detach and list.
 *
 * <p>A device that is mounted is never taken away: whoever stops this process while it is, is told so, and the device
 * stays served until it is released. Anything else would lose what the kernel has not written yet.
 */
public final class KernelService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KernelService.class);
    private static final long RETRY_MILLIS = 500;

    private final KernelDevices devices;
    private final KernelAttachment attachment;
    private boolean attached = true;

    private KernelService(KernelDevices devices, KernelAttachment attachment) {
        this.devices = devices;
        this.attachment = attachment;
    }

    /**
     * Attaches the export. Blocking.
     *
     * @param device which device, as {@code /dev/nbdN}; null for any free one
     * @param identifier what the disk is called in {@code list}
     */
    public static KernelService attach(@Nullable String device, Export export, String identifier)
            throws CommandException, InterruptedException {
        KernelDevices devices = new KernelDevices();
        AttachRequest request = new AttachRequest(parse(device), export, identifier, AttachOptions.DEFAULT);
        CompletableFuture<KernelAttachment> attaching = devices.attach(request);
        try {
            return new KernelService(devices, outcome(attaching));
        } catch (InterruptedException e) {
            abandon(devices, attaching);
            throw e;
        }
    }

    /** Takes a device away from the kernel, whoever attached it. Blocking. */
    public static void detach(String device, boolean force) throws CommandException, InterruptedException {
        NbdDevice parsed = java.util.Objects.requireNonNull(parse(device));
        warnIfHeld(parsed, outcome(new KernelDevices().detach(parsed, force)));
    }

    /** The connected devices of this machine, whoever connected them. */
    public static List<Report> list() {
        return new KernelDevices().list().stream().map(KernelService::report).toList();
    }

    private static Report report(AttachedDevice device) {
        return new Report()
                .put("device", device.device().path())
                .put("sizeBytes", device.sizeBytes())
                .put("readOnly", device.readOnly())
                .put("backend", device.backendIdentifier());
    }

    /** The device's path. */
    public String device() {
        return attachment.device().path();
    }

    /**
     * Serves until the process shall stop and the device is released, or until somebody else has detached it.
     *
     * @throws CommandException if the kernel gave the connection up by itself
     */
    public void serve(StopSignal stop) throws CommandException {
        var unused = attachment.ended().thenRun(stop::request);
        stop.await();
        if (!attachment.ended().isDone()) {
            stop.extend();
            detachWhenReleased();
            return;
        }
        attached = false;
        if (attachment.ended().join() == KernelAttachment.End.BROKEN) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "the kernel closed the connection of " + device() + " and took no other one, so the device was"
                            + " detached (dmesg may tell why)");
        }
        LOG.info("{} was detached", device());
    }

    private void detachWhenReleased() throws CommandException {
        boolean told = false;
        while (attached && !attachment.ended().isDone()) {
            CommandException refusal = tryDetach();
            if (refusal == null) {
                return;
            }
            if (refusal.exitCode() != ExitCode.BUSY) {
                throw refusal;
            }
            if (!told) {
                LOG.warn("still serving, as {}", refusal.sentence());
                told = true;
            }
            attachment.connection().terminated().awaitUninterruptibly(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        attached = false;
    }

    private @Nullable CommandException tryDetach() {
        CompletableFuture<Detached> detaching = devices.detach(attachment.device(), false);
        while (true) {
            try {
                warnIfHeld(attachment.device(), outcome(detaching));
                attached = false;
                return null;
            } catch (CommandException e) {
                if (e.getCause() instanceof KernelException known
                        && known.kind() == KernelException.Kind.NOT_ATTACHED) {
                    // Somebody else was faster.
                    attached = false;
                    return null;
                }
                return e;
            } catch (InterruptedException e) {
                LOG.debug("interrupted while detaching; it goes on");
            }
        }
    }

    /** Detaches where {@link #serve} did not. */
    @Override
    public void close() throws CommandException {
        if (attached) {
            detachWhenReleased();
        }
    }

    private static void abandon(KernelDevices devices, CompletableFuture<KernelAttachment> attaching)
            throws CommandException {
        while (true) {
            try {
                new KernelService(devices, outcome(attaching)).close();
                return;
            } catch (InterruptedException e) {
                LOG.debug("interrupted while ending an attach; it goes on");
            }
        }
    }

    private static @Nullable NbdDevice parse(@Nullable String device) throws CommandException {
        try {
            return device == null ? null : NbdDevice.parse(device);
        } catch (KernelException e) {
            throw KernelFailures.of(e);
        }
    }

    private static void warnIfHeld(NbdDevice device, Detached detached) {
        if (detached == Detached.HELD_OPEN) {
            LOG.warn(
                    "{} is detached, but some process still has it open and gets errors (see fuser {})",
                    device,
                    device);
        }
    }

    private static <T> T outcome(CompletableFuture<T> future) throws CommandException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KernelException known) {
                throw KernelFailures.of(known);
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
