package io.lunbridge.iscsi.session;

import java.util.EnumSet;
import java.util.Set;

/**
 * Connection states of an initiator (RFC 7143 section 8.1.3).
 *
 * <pre>
 *   FREE ─T1► XPT_WAIT ─T4► IN_LOGIN ─T5► LOGGED_IN ─T9► IN_LOGOUT ─T13► FREE
 *     ▲          │T2           │T7          │  │T11 ▲T12     │T17
 *     └──────────┴─────────────┘         T15│  ▼    │        │
 *                                           │ LOGOUT_REQUESTED (T10: IN_LOGOUT, T16: CLEANUP_WAIT, T18: FREE)
 *                                           ▼                ▼
 *                                          CLEANUP_WAIT ─────┘  (M1: FREE)
 * </pre>
 */
enum ConnectionState {
    /** S1. */
    FREE,
    /** S2: connecting. */
    XPT_WAIT,
    /** S4. */
    IN_LOGIN,
    /** S5: full feature phase. */
    LOGGED_IN,
    /** S6: waits for the Logout Response. */
    IN_LOGOUT,
    /** S7: the target has asked for a logout. */
    LOGOUT_REQUESTED,
    /** S8: lost, with tasks that are not concluded. */
    CLEANUP_WAIT;

    Set<ConnectionState> next() {
        return switch (this) {
            case FREE -> EnumSet.of(XPT_WAIT);
            case XPT_WAIT -> EnumSet.of(FREE, IN_LOGIN);
            case IN_LOGIN -> EnumSet.of(FREE, LOGGED_IN);
            case LOGGED_IN -> EnumSet.of(FREE, IN_LOGOUT, LOGOUT_REQUESTED, CLEANUP_WAIT);
            case IN_LOGOUT -> EnumSet.of(FREE, IN_LOGOUT, CLEANUP_WAIT);
            case LOGOUT_REQUESTED -> EnumSet.of(FREE, IN_LOGOUT, LOGOUT_REQUESTED, CLEANUP_WAIT);
            case CLEANUP_WAIT -> EnumSet.of(FREE);
        };
    }

    /** Whether commands' answers may arrive. */
    boolean isFullFeature() {
        return this == LOGGED_IN || this == IN_LOGOUT || this == LOGOUT_REQUESTED;
    }
}
