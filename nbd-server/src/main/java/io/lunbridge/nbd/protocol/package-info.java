/**
 * The NBD protocol's numbers and layouts: bytes only, no state, no channel.
 *
 * <p>Every name is the standard's own ({@code doc/proto.md} of NetworkBlockDevice/nbd) without its {@code NBD_} prefix.
 * Everything on the wire is big-endian. {@code nbd.handshake} and {@code nbd.transmission} encode and decode with these;
 * {@code nbd.client} does the same from the other end.
 */
@NullMarked
package io.lunbridge.nbd.protocol;

import org.jspecify.annotations.NullMarked;
