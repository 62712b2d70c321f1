/**
 * The server's half of the bridge as one deterministic simulation: random NBD requests as raw bytes, cut anywhere, through
 * {@link io.lunbridge.nbd.transmission.NbdConnection} and every decorator, over a disk that reorders and fails; each reply
 * is judged by {@link io.lunbridge.block.ByteHistory}. The bytes are made and read by code of this package alone.
 */
@NullMarked
package io.lunbridge.simulation;

import org.jspecify.annotations.NullMarked;
