package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import org.jspecify.annotations.Nullable;

/**
 * Why a unit did not do what it was asked, and whether the same command is sent again: a table from status and sense, as
 * the kernel's disks have it. The first row that fits counts. What a refusal that stands is called above is the table in
 * {@link BlockErrors}.
 *
 * <p>Every command of this package may be repeated: each sets, none toggles.
 */
enum Refusal {
    /** Too many commands at once, of ours or of others. */
    TASK_SET_FULL(ScsiStatus.TASK_SET_FULL, Repetition.WHILE_TIME),
    BUSY(ScsiStatus.BUSY, Repetition.WHILE_TIME),
    /** Another initiator's management function swept it away. */
    TASK_ABORTED(ScsiStatus.TASK_ABORTED, Repetition.FEW),
    /** Another initiator holds the unit: that passes by an administrator, not by waiting. */
    RESERVATION_CONFLICT(ScsiStatus.RESERVATION_CONFLICT, Repetition.NEVER),
    ACA_ACTIVE(ScsiStatus.ACA_ACTIVE, Repetition.NEVER),
    /** Tells of an earlier command's failure; this one was not executed. */
    DEFERRED_ERROR(null, 0, 0xffff, Repetition.WHILE_TIME),
    UNIT_ATTENTION(SenseKey.UNIT_ATTENTION, 0, 0xffff, Repetition.WHILE_TIME),
    BECOMING_READY(SenseKey.NOT_READY, AdditionalSense.BECOMING_READY, Repetition.WHILE_TIME),
    /** Formatting, rebuilding, a long write, a self-test. */
    OPERATION_IN_PROGRESS(
            SenseKey.NOT_READY,
            AdditionalSense.FORMAT_IN_PROGRESS,
            AdditionalSense.SELF_TEST_IN_PROGRESS,
            Repetition.WHILE_TIME),
    /** The path changes its state; at the other end of that, it is active or another one is. */
    PATH_TRANSITION(SenseKey.NOT_READY, AdditionalSense.ASYMMETRIC_ACCESS_TRANSITION, Repetition.WHILE_TIME),
    /** A failover in the array may make the path active again; without one there is no way to the unit. */
    PATH_STANDBY(
            SenseKey.NOT_READY,
            AdditionalSense.TARGET_PORT_STANDBY,
            AdditionalSense.TARGET_PORT_UNAVAILABLE,
            Repetition.WHILE_TIME),
    SPINNING_UP(SenseKey.NOT_READY, AdditionalSense.NOTIFY_REQUIRED, Repetition.WHILE_TIME),
    ALLOCATING(SenseKey.NOT_READY, AdditionalSense.SPACE_ALLOCATION_IN_PROGRESS, Repetition.WHILE_TIME),
    STARTING(
            SenseKey.NOT_READY,
            AdditionalSense.START_STOP_IN_PROGRESS,
            AdditionalSense.SANITIZE_IN_PROGRESS,
            Repetition.WHILE_TIME),
    CONFIGURING(SenseKey.NOT_READY, AdditionalSense.CONFIGURATION_IN_PROGRESS, Repetition.WHILE_TIME),
    /** Stopped, without a medium, or waiting for a person. */
    NOT_READY(SenseKey.NOT_READY, 0, 0xffff, Repetition.NEVER),
    /** The unit has tried by itself, and at length. */
    UNRECOVERED_READ(SenseKey.MEDIUM_ERROR, 0x1100, 0x11ff, Repetition.NEVER),
    ADDRESS_MARK_NOT_FOUND(SenseKey.MEDIUM_ERROR, AdditionalSense.ADDRESS_MARK_NOT_FOUND, Repetition.NEVER),
    RECORD_NOT_FOUND(SenseKey.MEDIUM_ERROR, AdditionalSense.RECORD_NOT_FOUND, Repetition.NEVER),
    MEDIUM_ERROR(SenseKey.MEDIUM_ERROR, 0, 0xffff, Repetition.FEW),
    HARDWARE_ERROR(SenseKey.HARDWARE_ERROR, 0, 0xffff, Repetition.NEVER),
    /** The LUN has been taken away; a disk asks INQUIRY, too, before it believes that. */
    NO_SUCH_UNIT(SenseKey.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED, Repetition.NEVER),
    ILLEGAL_REQUEST(SenseKey.ILLEGAL_REQUEST, 0, 0xffff, Repetition.NEVER),
    /** Thin provisioning is out of space: waiting makes none. */
    SPACE_EXHAUSTED(SenseKey.DATA_PROTECT, AdditionalSense.SPACE_ALLOCATION_FAILED, Repetition.NEVER),
    WRITE_PROTECTED(
            SenseKey.DATA_PROTECT,
            AdditionalSense.WRITE_PROTECTED,
            AdditionalSense.CONDITIONAL_WRITE_PROTECT,
            Repetition.NEVER),
    /** By the target, or with its word that data was damaged on its way to it. */
    ABORTED_COMMAND(SenseKey.ABORTED_COMMAND, 0, 0xffff, Repetition.FEW),
    OTHER(-1, Repetition.NEVER);

    /** Whether the same command is sent again. */
    enum Repetition {
        NEVER,
        /** A few times: what fails each time is no accident. */
        FEW,
        /** With growing delays for a limited time: it passes by itself, nobody knows when. */
        WHILE_TIME
    }

    private static final Refusal[] ROWS = values();

    private final int status;
    private final @Nullable SenseKey key;
    private final int firstCode;
    private final int lastCode;
    private final Repetition repetition;

    Refusal(int status, Repetition repetition) {
        this.status = status;
        key = null;
        firstCode = 0;
        lastCode = 0;
        this.repetition = repetition;
    }

    Refusal(SenseKey key, int code, Repetition repetition) {
        this(key, code, code, repetition);
    }

    /** Of a check condition; {@code key} is null for deferred sense, whatever its key. */
    Refusal(@Nullable SenseKey key, int firstCode, int lastCode, Repetition repetition) {
        status = ScsiStatus.CHECK_CONDITION;
        this.key = key;
        this.firstCode = firstCode;
        this.lastCode = lastCode;
        this.repetition = repetition;
    }

    static Refusal of(int status, SenseData sense) {
        for (Refusal row : ROWS) {
            if (row.fits(status, sense)) {
                return row;
            }
        }
        return OTHER;
    }

    private boolean fits(int actualStatus, SenseData sense) {
        if (status != actualStatus || actualStatus != ScsiStatus.CHECK_CONDITION) {
            return status == actualStatus;
        }
        boolean keyFits = key == null ? sense.deferred() : sense.key() == key;
        return keyFits && sense.additional() >= firstCode && sense.additional() <= lastCode;
    }

    Repetition repetition() {
        return repetition;
    }

    /** Whether the unit refuses whatever comes, rather than this command. */
    boolean concernsUnit() {
        return repetition == Repetition.WHILE_TIME;
    }
}
