/**
 * What the server offers: a {@link io.lunbridge.block.BlockDevice} under a name, and the catalogue of these.
 *
 * <p>An export turns a device's geometry into what NBD says about it (transmission flags, block sizes). {@code
 * nbd.handshake} looks exports up by the client's name, {@code nbd.transmission} serves one, {@code nbd.kernel} tells
 * the kernel its flags and size, and {@code cli} fills the catalogue.
 */
@NullMarked
package io.lunbridge.nbd.export;

import org.jspecify.annotations.NullMarked;
