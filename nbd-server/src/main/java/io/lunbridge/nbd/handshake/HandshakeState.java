package io.lunbridge.nbd.handshake;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a connection in the handshake reads next (NBD "Fixed newstyle negotiation").
 *
 * <pre>
 *   CLIENT_FLAGS ──► OPTION_HEADER ──► OPTION_DATA ──► OPTION_HEADER …
 *                          ├─────────► OPTION_SKIP ──► OPTION_HEADER …
 *                          └─ from any state ──► OVER
 * </pre>
 */
enum HandshakeState {
    /** The 32 bits that answer the greeting. */
    CLIENT_FLAGS,
    /** Magic, option, length. */
    OPTION_HEADER,
    /** The option's data, whole. */
    OPTION_DATA,
    /** The data of an option that is too long to be looked at. */
    OPTION_SKIP,
    /** Nothing: the connection is closing, or another handler has it. */
    OVER;

    HandshakeState transition(HandshakeState next) {
        assert next().contains(next) : "from " + this + " to " + next;
        return next;
    }

    private Set<HandshakeState> next() {
        return switch (this) {
            case CLIENT_FLAGS, OPTION_SKIP, OPTION_DATA -> EnumSet.of(OPTION_HEADER, OVER);
            case OPTION_HEADER -> EnumSet.of(OPTION_DATA, OPTION_SKIP, OVER);
            case OVER -> EnumSet.noneOf(HandshakeState.class);
        };
    }
}
