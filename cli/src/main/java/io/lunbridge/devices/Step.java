package io.lunbridge.devices;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * A point on the way of an attach, a detach or a takeover from which the next daemon has to go on if this one dies there.
 * {@code LUNBRIDGE_CRASH_AT=connected} (a step's name in small letters, with dashes) makes a daemon die there as if by
 * SIGKILL, so that this can be tried.
 */
enum Step {
    /** The state file says that an attach has begun; nothing else was done. */
    ATTACH_NOTED,
    /** Logged in; the state file holds all that a successor needs; the kernel has not been asked yet. */
    CONNECTING,
    /** The kernel has the device; the state file does not say so yet. */
    CONNECTED,
    /** The state file says that the device is attached; nobody has been told yet. */
    ATTACHED,
    /** The state file says that a detach has begun; the kernel has not been asked yet. */
    DETACH_NOTED,
    /** The kernel has let go of the device; session and state file are still there. */
    DISCONNECTED,
    /** A successor knows the device and is about to give the kernel a new socket. */
    RECONFIGURING,
    /** The kernel has the new socket; its requests wait. */
    RECONFIGURED,
    /** The successor has logged in and has found the same unit; the requests still wait. */
    SUPPLYING,
    /** What has waited is on its way to the target. */
    SUPPLIED,
    /** On the way out for a successor: all is answered and flushed, and the kernel's socket is closed. */
    RELEASED;

    private static final String CRASH_AT = System.getenv().getOrDefault("LUNBRIDGE_CRASH_AT", "");
    private static final int KILLED = 128 + 9;

    /** What a daemon does at each step: go on, unless it was told to die. */
    static final Consumer<Step> AS_TOLD = step -> {
        if (step.wireName().equals(CRASH_AT)) {
            Runtime.getRuntime().halt(KILLED);
        }
    };

    private String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
