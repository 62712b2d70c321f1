/**
 * The devices that the daemon holds: what is attached, over which session, and what has to be known to go on with it after
 * this process died.
 *
 * <p>{@link io.lunbridge.devices.Devices} is the door: attach, detach, fail, list, and the ways in which a daemon begins
 * and ends. What somebody asks for is an {@link io.lunbridge.devices.AttachSpec}, which goes through the control socket
 * and into a file in {@code /run/lunbridge/devices} unchanged.
 *
 * <p>Who calls whom: {@code io.lunbridge.control} calls this package; this package opens sessions by {@code
 * io.lunbridge.daemon}, asks {@code io.lunbridge.names} for the names of a device, and hands exports to {@code
 * io.lunbridge.nbd.kernel}. All of it is done by threads that may block; requests live on the event loops alone.
 */
@NullMarked
package io.lunbridge.devices;

import org.jspecify.annotations.NullMarked;
