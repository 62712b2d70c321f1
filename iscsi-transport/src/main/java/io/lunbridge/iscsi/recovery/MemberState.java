package io.lunbridge.iscsi.recovery;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a member's requests meet.
 *
 * <pre>
 *            loss              replacement timer, or another unit answers
 *   USABLE ───────► BLOCKED ──────────────────────────────────────────────► FAILED
 *     ▲                │ the unit is the one it was                            │
 *     └────────────────┴───────────────────────────────────────────────────────┘
 * </pre>
 */
public enum MemberState {
    /** They are sent. */
    USABLE,
    /** They wait. */
    BLOCKED,
    /** They fail at once, until a session is found on which the unit answers. */
    FAILED;

    Set<MemberState> next() {
        return switch (this) {
            case USABLE -> EnumSet.of(BLOCKED);
            case BLOCKED -> EnumSet.of(USABLE, FAILED);
            case FAILED -> EnumSet.of(USABLE);
        };
    }
}
