/**
 * The iSCSI wire format: a flyweight per opcode, a reader and a writer (RFC 7143 section 11).
 *
 * <p>A header class ({@link io.lunbridge.iscsi.pdu.ScsiCommand}, {@link io.lunbridge.iscsi.pdu.DataIn} …) is a reusable
 * view of 48 bytes in somebody's buffer: it owns nothing and is valid as long as that buffer's bytes are. {@link
 * io.lunbridge.iscsi.pdu.PduReader} turns received bytes into calls of a {@link io.lunbridge.iscsi.pdu.ResponseListener}
 * (we are the initiator) or a {@link io.lunbridge.iscsi.pdu.RequestListener} (we are the target), and hands payload on as
 * slices of the receive buffer. {@link io.lunbridge.iscsi.pdu.PduWriter} lays headers out one after the other in pooled
 * memory and puts payload between them without touching it.
 *
 * <p>Who calls whom: {@code iscsi.login} and {@code iscsi.session} on the one side and {@code iscsi.target} on the other
 * feed the reader from their channel and fill headers of the writer, all on the channel's event loop. Nothing here keeps
 * protocol state beyond the PDU at hand.
 */
@NullMarked
package io.lunbridge.iscsi.pdu;

import org.jspecify.annotations.NullMarked;
