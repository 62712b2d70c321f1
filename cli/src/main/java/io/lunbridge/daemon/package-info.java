/**
 * Wiring and lifecycle: what turns a URL into a served disk, and how that ends.
 *
 * <p>{@link io.lunbridge.daemon.DiskService} opens session, disk and decorators on the one event loop of {@link
 * io.lunbridge.daemon.Transport}; {@link io.lunbridge.daemon.NbdService} puts an NBD server above it; {@link
 * io.lunbridge.daemon.StopSignal} tells both when to end. Everything blocking happens on the main thread, never on the
 * loop. Every failure that a user can cause leaves here as one {@link io.lunbridge.daemon.CommandException}: a sentence
 * with what to do, and an {@link io.lunbridge.daemon.ExitCode}.
 *
 * <p>Who calls whom: {@code io.lunbridge.commands} calls this package; this package alone sees iSCSI and NBD at once,
 * and alone chooses a Netty transport.
 */
@NullMarked
package io.lunbridge.daemon;

import org.jspecify.annotations.NullMarked;
