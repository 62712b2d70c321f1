/**
 * An iSCSI session in full feature phase: SCSI tasks go in, their outcomes come out.
 *
 * <p>{@link io.lunbridge.iscsi.session.SessionConnector} connects, logs in and hands out a {@link
 * io.lunbridge.iscsi.session.Session}; callers submit {@link io.lunbridge.iscsi.session.ScsiTask}s to it on its event loop.
 * Inside, a {@code Connection} owns socket, reader and writer; {@code ResponseDispatcher} takes each PDU of the target to
 * its task; {@code CommandWindow}, {@code TaskTable} and {@code ParkedTasks} decide what may be sent; {@code
 * CommandSender} sends it; {@code ControlExchanges} does pings, text and logout; {@code Watchdog} notices silence.
 * {@code CommandTimer} finds the commands that take too long and {@code ErrorHandler} ends them, by {@code
 * TaskManagement}; {@code AsyncMessages} and {@code Rejects} act on what the target says of its own accord.
 *
 * <p>What is read is handed on as the very slices of the receive buffers, what is written leaves as slices of the given
 * buffer. Failures are sorted by what dies: task, connection, session ({@link
 * io.lunbridge.iscsi.session.IscsiException}). A target that breaks the protocol loses the connection; wrong data never
 * reaches a caller.
 */
@NullMarked
package io.lunbridge.iscsi.session;

import org.jspecify.annotations.NullMarked;
