/**
 * The attach: hands the kernel's nbd driver one end of a socket pair and serves the other, so that an export becomes
 * {@code /dev/nbdN}. The only native calls of the whole program are here.
 *
 * <p>{@link io.lunbridge.nbd.kernel.KernelDevices} is the door: attach, reattach, detach, list. The command line calls
 * it, and the daemon, whose devices outlive it: it releases them, or dies, and the next one reattaches them. An attach runs on a thread of its own, which chooses a driver interface (netlink, or ioctl where netlink is missing),
 * connects, and waits until a read through the new device has succeeded; requests of the kernel are served meanwhile
 * and ever after by {@code nbd.transmission} on the export's event loop, like those of any other connection.
 *
 * <p>Two rules hold everywhere. The event loop never opens, stats or syncs an nbd device, and never makes a netlink
 * call: each of those may wait for an answer that the loop itself must give. And whatever touches the device does so
 * on a thread that may hang without hanging anyone else, for as long as the deadline says.
 */
@NullMarked
package io.lunbridge.nbd.kernel;

import org.jspecify.annotations.NullMarked;
