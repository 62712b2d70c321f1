package io.lunbridge.iscsi.session;

import java.util.EnumSet;
import java.util.Set;

/**
 * Session states of an initiator (RFC 7143 section 8.3.1).
 *
 * <pre>
 *   FREE ──N1──► LOGGED_IN ──N5──► FAILED ──N6──► FREE
 *     ▲              │ ▲              │
 *     └──────N3──────┘ └──────N4──────┘
 * </pre>
 */
public enum SessionState {
    /** Q1: before login, and after the end. */
    FREE,
    /** Q3: full feature phase. */
    LOGGED_IN,
    /** Q4: the last connection was lost. */
    FAILED;

    Set<SessionState> next() {
        return switch (this) {
            case FREE -> EnumSet.of(LOGGED_IN);
            case LOGGED_IN -> EnumSet.of(FREE, FAILED);
            case FAILED -> EnumSet.of(FREE, LOGGED_IN);
        };
    }
}
