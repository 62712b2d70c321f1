package io.lunbridge.devices;

/**
 * How far a device is, as its state file tells the next daemon.
 *
 * <pre>
 *   ATTACHING ──► ATTACHED ◄──► DETACHING ──► no file
 * </pre>
 */
enum Phase {
    /** The kernel may have the device or not. */
    ATTACHING,
    /** The kernel has it, until somebody takes it away. */
    ATTACHED,
    /** It is to be taken away if nobody uses it; the kernel may have let go of it or not. */
    DETACHING
}
