/**
 * The handshake phase, and the server that accepts connections and leads each through it.
 *
 * <p>{@code cli} starts a {@link io.lunbridge.nbd.handshake.NbdServer} over a catalogue of exports. A connection speaks
 * fixed newstyle with a {@code HandshakeHandler}, which reads options and writes what the sans-I/O {@code Negotiation}
 * answers; when a client has chosen an export, the handler puts an {@code nbd.transmission.NbdConnection} in its own
 * place. Until then no device is touched beyond its geometry.
 */
@NullMarked
package io.lunbridge.nbd.handshake;

import org.jspecify.annotations.NullMarked;
