/**
 * A small iSCSI target with disks of memory: for the demo, for trying things out, and as the other end of our own tests.
 *
 * <p>{@link io.lunbridge.iscsi.target.RamTarget} listens and is all that others see. Each connection is a {@code
 * TargetConnection}, which hears PDUs from the same reader that the initiator uses. A {@code TargetLogin} lets it in, then
 * {@code DiskCommands} turns commands into work on a {@code RamDisk}; {@code DataInQueue} sends what is read, {@code
 * DataOutTasks} fetches what is written.
 *
 * <p>Everything runs on one event loop, so the disks need no locks. A peer that breaks the protocol loses its connection;
 * nobody else notices.
 */
@NullMarked
package io.lunbridge.iscsi.target;

import org.jspecify.annotations.NullMarked;
