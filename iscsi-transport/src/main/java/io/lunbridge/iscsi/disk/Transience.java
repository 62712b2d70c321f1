package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;

/** Which refusals pass by waiting a little. Every command of this package may be repeated: each sets, none toggles. */
final class Transience {

    private static final int NOT_READY_ASC = 0x04;
    private static final long FIRST_DELAY_MILLIS = 5;
    private static final long MAX_DELAY_MILLIS = 500;
    private static final int MAX_DOUBLINGS = 7;

    private Transience() {}

    static boolean isTransient(int status, SenseData sense) {
        return switch (status) {
            case ScsiStatus.BUSY, ScsiStatus.TASK_SET_FULL, ScsiStatus.TASK_ABORTED -> true;
            case ScsiStatus.CHECK_CONDITION -> !sense.deferred() && isTransient(sense);
            default -> false;
        };
    }

    private static boolean isTransient(SenseData sense) {
        return switch (sense.key()) {
            case UNIT_ATTENTION, ABORTED_COMMAND -> true;
            case NOT_READY ->
                sense.asc() == NOT_READY_ASC && sense.additional() != AdditionalSense.MANUAL_INTERVENTION_REQUIRED;
            default -> false;
        };
    }

    /** How long to wait before the next attempt; the first repetition is almost at once. */
    static long delayMillis(int attemptsSoFar) {
        return Math.min(FIRST_DELAY_MILLIS << Math.min(attemptsSoFar, MAX_DOUBLINGS), MAX_DELAY_MILLIS);
    }
}
