package io.lunbridge.iscsi.session;

/**
 * How long commands have waited for a closed command window. Only a later PDU of the target can open it, so it is pinged
 * for one; a window that stays closed although the target has nothing to do is no window.
 */
final class ClosedWindowTimer {

    /** What follows from another second. */
    enum Action {
        NONE,
        PING,
        GIVE_UP
    }

    private final int pingIntervalSeconds;
    private final int limitSeconds;
    private int closedSeconds;
    private int idleSeconds;

    ClosedWindowTimer(Timeouts timeouts) {
        pingIntervalSeconds = timeouts.pingIntervalSeconds();
        limitSeconds = timeouts.commandSeconds();
    }

    /**
     * Another second has passed.
     *
     * @param waiting whether commands wait for the window
     * @param idle whether the target has none
     */
    Action tick(boolean waiting, boolean idle) {
        closedSeconds = waiting ? closedSeconds + 1 : 0;
        idleSeconds = waiting && idle ? idleSeconds + 1 : 0;
        if (idleSeconds > limitSeconds) {
            return Action.GIVE_UP;
        }
        boolean due = waiting && pingIntervalSeconds > 0 && closedSeconds % pingIntervalSeconds == 0;
        return due ? Action.PING : Action.NONE;
    }
}
