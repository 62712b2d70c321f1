/**
 * The names of a device below {@code /dev/disk}: those that udev gives the kernel initiator's disk for the same LUN.
 *
 * <p>{@link io.lunbridge.names.DeviceNames} computes them from what the LUN tells of itself, by the rules of udev's
 * {@code scsi_id} and {@code path_id} (systemd 252). {@link io.lunbridge.names.DeviceLinks} writes them to a file before
 * the device is connected, from which udev takes them by {@code scripts/udev/60-lunbridge.rules} without starting a
 * process, and sees to it that the links are there when an attach returns and gone when a detach returns: it waits for
 * udev, and makes and removes them itself where no udev does.
 *
 * <p>{@link io.lunbridge.names.SdNames} are second names in {@code /dev} itself, for clients that insist on {@code sd}.
 *
 * <p>Who calls whom: {@code io.lunbridge.devices} and {@code io.lunbridge.daemon} call {@code DeviceLinks} around attach
 * and detach; nothing here calls them. Everything here may block, and nothing belongs on an event loop.
 */
@NullMarked
package io.lunbridge.names;

import org.jspecify.annotations.NullMarked;
