package io.lunbridge.iscsi.disk;

/**
 * How a disk is at a moment, for people.
 *
 * @param state in one word
 * @param inFlight commands with the target
 * @param queued commands that wait, for a session or for the unit
 * @param secondsLeft until all of them fail, while {@link State#RECOVERING}; -1 where they wait for ever, or for nothing
 * @param detail why the state is not {@link State#ONLINE}, without a full stop; empty if it is
 */
public record DiskStatus(State state, int inFlight, int queued, long secondsLeft, String detail) {

    /** What requests meet. */
    public enum State {
        /** They go to the unit. */
        ONLINE,
        /** They wait: commands that made no progress are being aborted. */
        ERROR_HANDLING,
        /** They wait: for a session, or for the unit to say who it is. */
        RECOVERING,
        /** They fail at once: there has been no usable session for too long, or nobody wanted to wait for one. */
        FAILED,
        /** They fail at once: the unit is not there any more, or another one is in its place. */
        GONE
    }
}
