/**
 * Asks an iSNS server for the targets that it lets this initiator see (RFC 4171, M-136, S-53): one DevAttrQry on a TCP
 * connection of its own.
 *
 * <p>{@link io.lunbridge.isns.IsnsServer} is what {@code io.lunbridge.iscsiadm} calls. It writes an {@code IsnsRequest}, reads
 * an {@code IsnsAnswer} of bounded size in bounded time, and {@code PortalGroups} takes the portals out of it. What the server
 * sends is not trusted: whatever it is, the outcome is a list of portals that can be stored, or an
 * {@link io.lunbridge.isns.IsnsException}. Plain JDK, as a command's start has to be quick.
 */
@NullMarked
package io.lunbridge.isns;

import org.jspecify.annotations.NullMarked;
