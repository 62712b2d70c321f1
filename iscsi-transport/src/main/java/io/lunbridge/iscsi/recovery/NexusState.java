package io.lunbridge.iscsi.recovery;

import java.util.EnumSet;
import java.util.Set;

/**
 * States of a nexus. Session reinstatement is RFC 7143 section 6.3.5.
 *
 * <pre>
 *                 loss                    login
 *   LOGGED_IN ───────────► RECOVERING ───────────► REVALIDATING
 *       ▲                    ▲      └─ refused: later again │ │
 *       │                    └──────────── loss ────────────┘ │
 *       └──────────────── every member has settled ───────────┘      from each of them: CLOSED
 * </pre>
 *
 * <p>Whether requests still wait or fail already is a matter of each member ({@link MemberState}): the attempts go on
 * regardless.
 */
public enum NexusState {
    /** A session is up and every member has been told whether it may use it. */
    LOGGED_IN,
    /** No session: waits for the next attempt, or one is under way. */
    RECOVERING,
    /** A session is up, and a member is still finding out whether its unit is the one it knew. */
    REVALIDATING,
    /** Closed by us, for good. */
    CLOSED;

    Set<NexusState> next() {
        return switch (this) {
            case LOGGED_IN -> EnumSet.of(RECOVERING, CLOSED);
            case RECOVERING -> EnumSet.of(REVALIDATING, CLOSED);
            case REVALIDATING -> EnumSet.of(LOGGED_IN, RECOVERING, CLOSED);
            case CLOSED -> EnumSet.noneOf(NexusState.class);
        };
    }
}
