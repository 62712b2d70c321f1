/**
 * The transmission phase: requests in, replies out, one {@link io.lunbridge.block.BlockDevice} below.
 *
 * <p>{@code nbd.handshake} puts an {@link io.lunbridge.nbd.transmission.NbdConnection} into the pipeline once a client
 * has chosen its export; {@code nbd.kernel} does so at once, for a socket whose other end the kernel has. From there a
 * request goes reader → check → device → reply writer, all on the device's event loop, and a WRITE's payload and a
 * READ's data pass through as slices of the buffers they came in.
 *
 * <p>Everything is bounded by {@link io.lunbridge.nbd.transmission.InFlight}: above its marks, or while the client
 * does not take its replies, the socket is not read.
 */
@NullMarked
package io.lunbridge.nbd.transmission;

import org.jspecify.annotations.NullMarked;
