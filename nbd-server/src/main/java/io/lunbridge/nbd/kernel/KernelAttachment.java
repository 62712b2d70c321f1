package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.transmission.NbdConnection;

/**
 * A device that is attached to an export of this process.
 *
 * @param connection serves the kernel. It terminates after a detach by whomever; if it does while the device is still
 *     in {@link KernelDevices#list}, the connection broke, and the device waits for another until its dead-connection
 *     timeout
 */
public record KernelAttachment(NbdDevice device, NbdConnection connection) {}
