package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.KernelFailures;
import io.lunbridge.nbd.kernel.AttachRequest;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelAttachment.End;
import io.lunbridge.nbd.kernel.KernelAttachment.Standing;
import io.lunbridge.nbd.kernel.KernelDevices;
import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** This host's kernel. */
final class NbdKernel implements KernelSide {

    private final KernelDevices devices = new KernelDevices();

    @Override
    public Link attach(AttachRequest request) throws CommandException {
        return new Attachment(outcome(devices.attach(request)));
    }

    @Override
    public Link reattach(NbdDevice device, AttachRequest request) throws CommandException {
        return new Attachment(outcome(devices.reattach(device, request)));
    }

    @Override
    public @Nullable NbdDevice find(String backendIdentifier) {
        return devices.find(backendIdentifier);
    }

    @Override
    public Detached detach(NbdDevice device, boolean force) throws CommandException {
        return outcome(devices.detach(device, force));
    }

    @Override
    public List<String> uses(NbdDevice device) {
        return devices.uses(device);
    }

    @Override
    public List<AttachedDevice> list() {
        return devices.list();
    }

    /** Every step of the kernel's is bounded by itself. */
    private static <T> T outcome(CompletableFuture<T> future) throws CommandException {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KernelException known) {
                throw KernelFailures.of(known);
            }
            throw e;
        }
    }

    private record Attachment(KernelAttachment attachment) implements Link {

        @Override
        public NbdDevice device() {
            return attachment.device();
        }

        @Override
        public boolean isShrunk() {
            return attachment.standing() == Standing.SHRUNK;
        }

        @Override
        public CompletableFuture<End> ended() {
            return attachment.ended();
        }

        @Override
        public CompletableFuture<?> release(long limitMillis) {
            return attachment.release(limitMillis);
        }
    }
}
