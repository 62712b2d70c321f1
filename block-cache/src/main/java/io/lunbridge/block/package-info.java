/**
 * The device contract, the one interface between the NBD server above and the iSCSI initiator below.
 *
 * <p>{@link io.lunbridge.block.BlockDevice} is what an export is served from. The bottom one is the SCSI disk of
 * {@code io.lunbridge.iscsi.disk}; above it stand decorators, each optional, outermost first: {@code Checked} (asserts
 * the contract), {@code Aligned} (serves requests smaller than a block), {@code Slice} (a range of a LUN), {@code
 * Splitting} (cuts what is larger than the device takes at once).
 *
 * <p>Who calls whom: {@code nbd.transmission} calls the outermost device on its event loop and is told the outcome
 * through {@link io.lunbridge.block.Completion}, which its request object implements. Nothing here knows NBD or SCSI.
 *
 * <p>Three rules hold everywhere. <b>Loop</b>: a device is confined to one event loop, so there are no locks.
 * <b>Buffers</b>: handing over a {@link io.netty.buffer.ByteBuf} hands over its release, on every path. <b>Exactly
 * once</b>: each completion is told its outcome once, possibly before the call that started it returns.
 */
@NullMarked
package io.lunbridge.block;

import org.jspecify.annotations.NullMarked;
