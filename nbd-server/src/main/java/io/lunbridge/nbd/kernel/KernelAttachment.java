package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.transmission.NbdConnection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A device that is attached to an export of this process.
 *
 * <p>It outlives a broken connection to the kernel: another one takes its place, without anybody's help, once the
 * broken one's requests have ended. It ends when the device is detached, by whomever, or released.
 */
public final class KernelAttachment {

    /** How an attachment ended. */
    public enum End {
        /** The device was detached, by whomever. Who still has it open gets errors. */
        DETACHED,
        /** It was released: the kernel has the device, whose requests wait for the next process that reattaches it. */
        RELEASED,
        /** The connection broke and could not be replaced; the device was disconnected so that no request hangs. */
        BROKEN
    }

    /** Whether the device is what its disk is. */
    public enum Standing {
        /** It is, or will be in a moment. */
        CURRENT,
        /**
         * The disk is smaller than the device, which is in use. Requests beyond the disk's end fail. Nothing else is
         * done about it until nobody uses the device; then it shrinks by itself.
         */
        SHRUNK,
        /** The disk is gone for good: every request fails. */
        GONE
    }

    private final KernelFiles files;
    private final NbdDevice device;
    private final LinkKeeper keeper;
    private final @Nullable GeometryFollower follower;

    /** @param reattach null where the driver's interface takes no second connection */
    KernelAttachment(
            KernelFiles files,
            NbdDevice device,
            AttachRequest request,
            ServedEnd served,
            @Nullable ReattachTask reattach) {
        this.files = files;
        this.device = device;
        long giveUpMillis = request.options().deadConnectionSeconds() * 1000;
        this.keeper = new LinkKeeper(files, device, served, reattach, giveUpMillis);
        if (reattach == null) {
            this.follower = null;
        } else {
            GeometryFollower made = new GeometryFollower(files, reattach.claimed(), request.export(), keeper);
            request.export().device().eventLoop().execute(made::start);
            this.follower = made;
        }
    }

    public NbdDevice device() {
        return device;
    }

    /** The connection that serves the kernel now. After it broke there is another one. */
    public NbdConnection connection() {
        return keeper.connection();
    }

    /**
     * Completes, on a thread of its own, when the last connection has terminated and it is known why. Not completed by,
     * and not to be completed by, the caller.
     */
    public CompletableFuture<End> ended() {
        return keeper.ended().copy();
    }

    /**
     * Whether the device is what its disk is, which it follows by itself: size, partitions, read-only, discard. May be
     * asked from any thread. A device that was attached by ioctl follows nothing.
     */
    public Standing standing() {
        return follower == null ? Standing.CURRENT : follower.standing();
    }

    /**
     * Lets go of the device without detaching it, as for a restart: answers what is in flight, flushes the disk, and
     * closes the connection. Requests that come after that wait for the process that reattaches the device next.
     *
     * <p>Done, on a thread of its own, when the disk has nothing of the device's left to do; exceptionally, with a
     * {@link KernelException} of kind {@link KernelException.Kind#NOT_USABLE}, when that was not so within the limit:
     * the connection is closed then too, and the disk must be closed before anybody reattaches the device.
     */
    public CompletableFuture<Void> release(long limitMillis) {
        return KernelDevices.start(
                "lunbridge-release-" + device.name(), () -> new ReleaseTask(files, device, keeper).run(limitMillis));
    }
}
