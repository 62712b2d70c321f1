package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.disk.DiskStatus.State;

/** Why a disk is not simply online: what was last learned about its session and its unit, for people. */
final class Standing {

    private String why = "";
    private boolean absent;

    /** Everything is well. */
    void good() {
        why = "";
        absent = false;
    }

    /** The session is lost, or the unit is in doubt or not ready: that may pass. */
    void troubled(String cause) {
        why = cause;
        absent = false;
    }

    /** The unit has been looked for and is not there. */
    void absent(String cause) {
        why = cause;
        absent = true;
    }

    /**
     * The state in the words of {@link DiskStatus}.
     *
     * @param handlingErrors whether commands are being aborted
     */
    State state(Access.State access, boolean handlingErrors) {
        return switch (access) {
            case OPEN -> handlingErrors ? State.ERROR_HANDLING : State.ONLINE;
            case BLOCKED -> State.RECOVERING;
            case FAILED -> absent ? State.GONE : State.FAILED;
            case CLOSED -> State.GONE;
        };
    }

    /** Its reason; {@code refusal} is what requests that fail at once are told. */
    String detail(State state, String refusal) {
        return switch (state) {
            case ONLINE -> "";
            case ERROR_HANDLING -> "commands that made no progress are being aborted";
            case RECOVERING -> why;
            case FAILED -> why.isEmpty() || why.equals(refusal) ? refusal : refusal + ": " + why;
            case GONE -> absent ? why : refusal;
        };
    }
}
