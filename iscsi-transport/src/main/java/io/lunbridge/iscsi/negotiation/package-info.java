/**
 * Text negotiation: key=value pairs, what each key of RFC 7143 section 13 means, and how two sides agree on a value.
 *
 * <p>{@link io.lunbridge.iscsi.negotiation.Key} holds every operational key as data. {@link
 * io.lunbridge.iscsi.negotiation.KeyNegotiation} is one side of one login's operational negotiation and yields {@link
 * io.lunbridge.iscsi.negotiation.NegotiatedKeys}. {@link io.lunbridge.iscsi.negotiation.TextInput} and {@link
 * io.lunbridge.iscsi.negotiation.TextOutput} carry pairs over as many PDUs as they need (the C bit).
 *
 * <p>Who calls whom: {@code iscsi.login} negotiates as the initiator, {@code iscsi.target} as the target, {@code
 * iscsi.discovery} uses the text alone. Nothing here sees a PDU header or does I/O.
 */
@NullMarked
package io.lunbridge.iscsi.negotiation;

import org.jspecify.annotations.NullMarked;
