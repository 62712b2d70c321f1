package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;

/** The one table from SCSI and iSCSI outcomes to {@link BlockError}. */
final class BlockErrors {

    private BlockErrors() {}

    static BlockException of(Operation operation, int status, SenseData sense) {
        String outcome = status == ScsiStatus.CHECK_CONDITION ? sense.toString() : ScsiStatus.name(status);
        return new BlockException(error(operation, status, sense), operation + ": " + outcome);
    }

    static BlockException of(Operation operation, IscsiException cause) {
        boolean overloaded =
                cause instanceof SessionException session && session.kind() == SessionException.Kind.OVERLOADED;
        return new BlockException(
                overloaded ? BlockError.NO_MEMORY : BlockError.IO, operation + ": " + cause.getMessage());
    }

    private static BlockError error(Operation operation, int status, SenseData sense) {
        if (status == ScsiStatus.RESERVATION_CONFLICT) {
            return BlockError.NOT_PERMITTED;
        }
        if (status != ScsiStatus.CHECK_CONDITION || sense.deferred()) {
            return BlockError.IO;
        }
        return switch (sense.key()) {
            case DATA_PROTECT ->
                sense.additional() == AdditionalSense.SPACE_ALLOCATION_FAILED
                        ? BlockError.NO_SPACE
                        : BlockError.NOT_PERMITTED;
            case VOLUME_OVERFLOW -> BlockError.NO_SPACE;
            case ILLEGAL_REQUEST -> illegalRequest(operation, sense.additional());
            default -> BlockError.IO;
        };
    }

    private static BlockError illegalRequest(Operation operation, int additional) {
        return switch (additional) {
            case AdditionalSense.LBA_OUT_OF_RANGE ->
                operation == Operation.WRITE || operation == Operation.ZERO ? BlockError.NO_SPACE : BlockError.INVALID;
            case AdditionalSense.NONE,
                    AdditionalSense.INVALID_OPERATION_CODE,
                    AdditionalSense.INVALID_FIELD_IN_CDB,
                    AdditionalSense.INVALID_FIELD_IN_PARAMETER_LIST ->
                operation.hasAlternative() ? BlockError.UNSUPPORTED : BlockError.IO;
            default -> BlockError.IO;
        };
    }
}
