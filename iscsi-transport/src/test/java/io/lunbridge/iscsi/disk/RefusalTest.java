package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two tables from status and sense: whether a command is sent again, and what is told when it is not. */
class RefusalTest {

    @ParameterizedTest
    @CsvSource({
        "08 NO_SENSE 0000, BUSY, WHILE_TIME, IO",
        "28 NO_SENSE 0000, TASK_SET_FULL, WHILE_TIME, IO",
        "40 NO_SENSE 0000, TASK_ABORTED, FEW, IO",
        "18 NO_SENSE 0000, RESERVATION_CONFLICT, NEVER, NOT_PERMITTED",
        "30 NO_SENSE 0000, ACA_ACTIVE, NEVER, IO",
        "77 NO_SENSE 0000, OTHER, NEVER, IO",
        "02 NO_SENSE 0000, OTHER, NEVER, IO",
        "02 NOT_READY 0401, BECOMING_READY, WHILE_TIME, IO",
        "02 NOT_READY 0402, NOT_READY, NEVER, IO",
        "02 NOT_READY 0403, NOT_READY, NEVER, IO",
        "02 NOT_READY 0404, OPERATION_IN_PROGRESS, WHILE_TIME, IO",
        "02 NOT_READY 0409, OPERATION_IN_PROGRESS, WHILE_TIME, IO",
        "02 NOT_READY 040a, PATH_TRANSITION, WHILE_TIME, IO",
        "02 NOT_READY 040b, PATH_STANDBY, WHILE_TIME, IO",
        "02 NOT_READY 040c, PATH_STANDBY, WHILE_TIME, IO",
        "02 NOT_READY 0411, SPINNING_UP, WHILE_TIME, IO",
        "02 NOT_READY 0414, ALLOCATING, WHILE_TIME, IO",
        "02 NOT_READY 041b, STARTING, WHILE_TIME, IO",
        "02 NOT_READY 041d, CONFIGURING, WHILE_TIME, IO",
        "02 NOT_READY 0424, NOT_READY, NEVER, IO",
        "02 NOT_READY 3a00, NOT_READY, NEVER, IO",
        "02 MEDIUM_ERROR 1100, UNRECOVERED_READ, NEVER, IO",
        "02 MEDIUM_ERROR 110b, UNRECOVERED_READ, NEVER, IO",
        "02 MEDIUM_ERROR 0c02, MEDIUM_ERROR, FEW, IO",
        "02 HARDWARE_ERROR 4400, HARDWARE_ERROR, NEVER, IO",
        "02 HARDWARE_ERROR 4400 deferred, DEFERRED_ERROR, WHILE_TIME, IO",
        "02 MEDIUM_ERROR 0c02 deferred, DEFERRED_ERROR, WHILE_TIME, IO",
        "02 ILLEGAL_REQUEST 2500, NO_SUCH_UNIT, NEVER, IO",
        "02 ILLEGAL_REQUEST 2100, ILLEGAL_REQUEST, NEVER, NO_SPACE",
        "02 ILLEGAL_REQUEST 2400, ILLEGAL_REQUEST, NEVER, IO",
        "02 UNIT_ATTENTION 2a09, UNIT_ATTENTION, WHILE_TIME, IO",
        "02 DATA_PROTECT 2700, WRITE_PROTECTED, NEVER, NOT_PERMITTED",
        "02 DATA_PROTECT 2706, WRITE_PROTECTED, NEVER, NOT_PERMITTED",
        "02 DATA_PROTECT 2707, SPACE_EXHAUSTED, NEVER, NO_SPACE",
        "02 DATA_PROTECT 2000, OTHER, NEVER, NOT_PERMITTED",
        "02 ABORTED_COMMAND 4705, ABORTED_COMMAND, FEW, IO",
        "02 ABORTED_COMMAND 0c0d, ABORTED_COMMAND, FEW, IO",
        "02 VOLUME_OVERFLOW 0000, OTHER, NEVER, NO_SPACE"
    })
    void row(String answer, Refusal row, Refusal.Repetition repetition, BlockError error) {
        String[] parts = answer.split(" ", -1);
        int status = Integer.parseInt(parts[0], 16);
        SenseData sense = new SenseData(SenseKey.valueOf(parts[1]), Integer.parseInt(parts[2], 16), parts.length > 3);
        assertThat(Refusal.of(status, sense)).isEqualTo(row);
        assertThat(row.repetition()).isEqualTo(repetition);
        assertThat(BlockErrors.of(Operation.WRITE, status, sense).error()).isEqualTo(error);
    }
}
