package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.transmission.NbdConnection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A device that is attached to an export of this process. */
public final class KernelAttachment {

    /** How an attachment ended. */
    public enum End {
        /** The device was detached, by whomever. */
        DETACHED,
        /**
         * The connection is gone, but the kernel still has the device, whose requests wait for another connection
         * until the dead-connection timeout. A forced detach frees it.
         */
        BROKEN
    }

    /** A detach takes the connection away first, and the device a moment later. */
    private static final long RELEASE_MILLIS = 5000;

    private final NbdDevice device;
    private final NbdConnection connection;
    private final CompletableFuture<End> ended = new CompletableFuture<>();

    KernelAttachment(KernelFiles files, NbdDevice device, NbdConnection connection) {
        this.device = device;
        this.connection = connection;
        @Nullable String owner = KernelFiles.read(files.sys(device, "pid"));
        connection
                .terminated()
                .addListener(terminated -> Patience.startDaemon(
                        "lunbridge-end-" + device.name(), () -> ended.complete(end(files, device, owner))));
    }

    public NbdDevice device() {
        return device;
    }

    /** The connection that serves the kernel. */
    public NbdConnection connection() {
        return connection;
    }

    /**
     * Completes, on a thread of its own, when the connection has terminated and it is known whether the kernel still
     * has the device. Not completed by, and not to be completed by, the caller.
     */
    public CompletableFuture<End> ended() {
        return ended.copy();
    }

    private static End end(KernelFiles files, NbdDevice device, @Nullable String owner) {
        try {
            boolean released = Patience.ofMillis(RELEASE_MILLIS)
                    .await(() -> !Objects.equals(owner, KernelFiles.read(files.sys(device, "pid"))));
            return released ? End.DETACHED : End.BROKEN;
        } catch (InterruptedException e) {
            return End.BROKEN;
        }
    }
}
