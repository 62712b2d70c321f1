/**
 * An iSCSI target that plays a script, byte by byte, written from the tables of RFC 7143 section 11.
 *
 * <p>It shares no code with the product: neither the PDU codec nor the negotiation nor the SCSI encodings. A mistake
 * that both sides of a conversation have in common stays hidden, and here there is nothing in common. It runs on plain
 * sockets in threads of its own, and is as simple as it can be: one PDU after the other, in the order of the script.
 *
 * <p>{@link io.lunbridge.scripted.ScriptedTarget} listens; each connection is a {@link io.lunbridge.scripted.Peer} on
 * which the test's script calls {@code login}, {@code serveUntil}, {@code expect…}, {@code send…}; {@link
 * io.lunbridge.scripted.VirtualDisk} answers the ordinary commands, so that a script says only what is special.
 */
@NullMarked
package io.lunbridge.scripted;

import org.jspecify.annotations.NullMarked;
