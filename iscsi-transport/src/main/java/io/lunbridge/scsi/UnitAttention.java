package io.lunbridge.scsi;

import static io.lunbridge.scsi.AdditionalSense.ANY_QUALIFIER;
import static io.lunbridge.scsi.Doubt.CAPACITY;
import static io.lunbridge.scsi.Doubt.IDENTITY;
import static io.lunbridge.scsi.Doubt.LIMITS;
import static io.lunbridge.scsi.Doubt.MODE;

import java.util.Set;

/**
 * What a unit attention tells, and what must be asked again because of it (SPC-4 5.14 and annex F, SBC-3 4.10). A table:
 * the first row whose codes fit counts, and the last one fits all.
 *
 * <p>A unit attention is news, not a failure: the command that brought it was not executed and is repeated, in every row.
 */
public enum UnitAttention {
    /** From not ready to ready, the medium may have changed: everything. */
    MEDIUM_MAY_HAVE_CHANGED(0x2800, 0x2800 | ANY_QUALIFIER, Loss.NONE, IDENTITY, CAPACITY, LIMITS, MODE),
    /** Of a new session too: mode pages are at their defaults again, registrations and reservations may be gone. */
    RESET(0x2900, 0x2900 | ANY_QUALIFIER, Loss.RESERVATIONS, CAPACITY, LIMITS, MODE),
    MODE_PARAMETERS_CHANGED(0x2a00, 0x2a01, Loss.NONE, MODE),
    LOG_PARAMETERS_CHANGED(0x2a02, 0x2a02, Loss.NONE),
    RESERVATIONS_PREEMPTED(0x2a03, 0x2a03, Loss.RESERVATIONS),
    RESERVATIONS_RELEASED(0x2a04, 0x2a04, Loss.RESERVATIONS),
    REGISTRATIONS_PREEMPTED(0x2a05, 0x2a05, Loss.RESERVATIONS),
    /** The path's state: the next command tells whether it can be used. */
    ASYMMETRIC_ACCESS_CHANGED(0x2a06, 0x2a06, Loss.PATH),
    IMPLICIT_TRANSITION_FAILED(0x2a07, 0x2a07, Loss.PATH),
    PRIORITY_CHANGED(0x2a08, 0x2a08, Loss.NONE),
    CAPACITY_CHANGED(0x2a09, 0x2a09, Loss.NONE, CAPACITY, LIMITS),
    /** Error history, timestamp, encryption parameters and the like: nothing of ours. */
    OTHER_PARAMETERS_CHANGED(0x2a0a, 0x2a00 | ANY_QUALIFIER, Loss.NONE),
    /** The commands that were cleared are told by their own statuses. */
    COMMANDS_CLEARED(0x2f00, 0x2f00 | ANY_QUALIFIER, Loss.NONE),
    THIN_PROVISIONING_SOFT_THRESHOLD(0x3807, 0x3807, Loss.SPACE),
    OPERATING_CONDITIONS_CHANGED(0x3f00, 0x3f02, Loss.NONE, IDENTITY, CAPACITY, LIMITS, MODE),
    INQUIRY_DATA_CHANGED(0x3f03, 0x3f03, Loss.NONE, IDENTITY, CAPACITY, LIMITS, MODE),
    DEVICE_IDENTIFIER_CHANGED(0x3f05, 0x3f05, Loss.NONE, IDENTITY),
    /** Another unit may answer under this LUN from now on, or none. */
    REPORTED_LUNS_CHANGED(0x3f0e, 0x3f0e, Loss.NONE, IDENTITY, CAPACITY),
    /** Temperature, self-test, power: told to people. */
    WARNING(0x0b00, 0x0b00 | ANY_QUALIFIER, Loss.HEALTH),
    FAILURE_PREDICTED(0x5d00, 0x5d00 | ANY_QUALIFIER, Loss.HEALTH),
    LOW_POWER(0x5e00, 0x5e00 | ANY_QUALIFIER, Loss.NONE),
    /** Whatever else it is, it may be anything. */
    UNKNOWN(0x0000, 0xffff, Loss.NONE, IDENTITY, CAPACITY, LIMITS, MODE);

    /** What people should know about. */
    public enum Loss {
        NONE,
        /** Persistent reservations or registrations may be gone, or another initiator's now. */
        RESERVATIONS,
        /** The path may have become worse, or better. */
        PATH,
        /** Thin provisioning runs out of space. */
        SPACE,
        /** The device is about to fail, or too warm. */
        HEALTH
    }

    private static final UnitAttention[] ROWS = values();

    private final int firstCode;
    private final int lastCode;
    private final Loss loss;

    @SuppressWarnings("ImmutableEnumChecker") // a set that cannot be changed
    private final Set<Doubt> doubts;

    UnitAttention(int firstCode, int lastCode, Loss loss, Doubt... doubts) {
        this.firstCode = firstCode;
        this.lastCode = lastCode;
        this.loss = loss;
        this.doubts = Set.of(doubts);
    }

    /** The row of an additional sense code. */
    public static UnitAttention of(int additional) {
        for (UnitAttention row : ROWS) {
            if (additional >= row.firstCode && additional <= row.lastCode) {
                return row;
            }
        }
        return UNKNOWN;
    }

    /** What is to be asked again; may be nothing. */
    public Set<Doubt> doubts() {
        return doubts;
    }

    public Loss loss() {
        return loss;
    }
}
