package io.lunbridge.iscsi.session;

import java.util.EnumSet;
import java.util.Set;

/**
 * The steps of error handling, each stronger than the one before.
 *
 * <pre>
 *   IDLE ──► ABORTING ──► RESETTING_UNIT ──► RESETTING_TARGET ──► STOPPED
 *    ▲  └────────┼───────────▲ │                   │
 *    └───────────┴─────────────┴───────────────────┘ nothing is overdue any more
 * </pre>
 *
 * After a success the next overdue command begins with the first step again. The end of the session, whoever ends it,
 * leads from each state to {@link #STOPPED}.
 */
enum ErrorHandlerState {
    /** No command is overdue. */
    IDLE,
    /** An ABORT TASK is out. */
    ABORTING,
    /** A LOGICAL UNIT RESET is out. */
    RESETTING_UNIT,
    /** A TARGET WARM RESET is out. */
    RESETTING_TARGET,
    /** The session is ending: nothing begins any more. */
    STOPPED;

    Set<ErrorHandlerState> next() {
        return switch (this) {
            case IDLE -> EnumSet.of(ABORTING, RESETTING_UNIT, STOPPED);
            case ABORTING -> EnumSet.of(IDLE, ABORTING, RESETTING_UNIT, STOPPED);
            case RESETTING_UNIT -> EnumSet.of(IDLE, ABORTING, RESETTING_UNIT, RESETTING_TARGET, STOPPED);
            case RESETTING_TARGET -> EnumSet.of(IDLE, STOPPED);
            case STOPPED -> EnumSet.noneOf(ErrorHandlerState.class);
        };
    }

    /** Whether a task management request waits for its answer. */
    boolean isActive() {
        return this != IDLE && this != STOPPED;
    }
}
