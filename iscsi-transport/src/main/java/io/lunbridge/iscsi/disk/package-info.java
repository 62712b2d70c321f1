/**
 * A logical unit as a {@link io.lunbridge.block.BlockDevice}.
 *
 * <p>{@link io.lunbridge.iscsi.disk.ScsiDisk#open} asks a unit what it is ({@link io.lunbridge.iscsi.disk.DiskInfo}); the
 * disk then turns each request into one SCSI task of the session. Reads and
 * writes are one pooled object each; discarding, zeroing and block status run as small sequences of commands within the
 * unit's limits, and remember what the unit has refused.
 *
 * <p>Borders: {@code Refusal} says what is sent again, {@code BlockErrors} is the one table from SCSI
 * outcomes to {@link io.lunbridge.block.BlockError}. Callers are the daemon's wiring (opening) and the decorators above
 * (requests), all on the session's event loop.
 */
@NullMarked
package io.lunbridge.iscsi.disk;

import org.jspecify.annotations.NullMarked;
