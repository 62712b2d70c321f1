package io.lunbridge.nbd.kernel;

import java.io.Serial;

/** Why the kernel's device could not be attached or detached: one sentence for the user, with what to do about it. */
public final class KernelException extends Exception {

    /** What went wrong, as a caller can act on it. */
    public enum Kind {
        /** The process lacks CAP_SYS_ADMIN in the initial user namespace. */
        NOT_PERMITTED,
        /** The kernel has no nbd driver and none could be loaded. */
        NO_DRIVER,
        /** The driver listens in another network namespace only. */
        WRONG_NETWORK_NAMESPACE,
        /** The device that was asked for, or every device, is in use. */
        DEVICE_BUSY,
        /** The name or number is no nbd device's. */
        BAD_DEVICE,
        /** There is nothing to detach. */
        NOT_ATTACHED,
        /** The device is attached to another disk, or by another program, so it is not ours to take over. */
        OTHER_DISK,
        /** Somebody alive still serves the device, so it cannot be taken over. */
        STILL_SERVED,
        /** The device is mounted, swapped on or held by another device, so it is not detached without force. */
        IN_USE,
        /** This export, kernel or event loop cannot be attached. */
        UNSUPPORTED,
        /** The device was attached but did not work in time; it has been detached again. */
        NOT_USABLE,
        /** The kernel refused for a reason that is not known here. */
        SYSTEM;

        KernelException because(String message) {
            return new KernelException(this, message);
        }
    }

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private KernelException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
