package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.Opcode;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.netty.buffer.ByteBuf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a Reject means for the PDU that it brings back (RFC 7143 sections 7.3 and 11.17). One that cannot be matched leaves
 * no agreed state to go on from: the connection is dropped.
 */
final class Rejects {

    private static final Logger LOG = LoggerFactory.getLogger(Rejects.class);

    private final Session session;
    private final NopOut nopOut = new NopOut();

    Rejects(Session session) {
        this.session = session;
    }

    /** Acts on a Reject; {@code data}, borrowed, begins with the header of the rejected PDU. */
    void received(RejectReason reason, ByteBuf data) throws PduException {
        LOG.warn("{}: the target rejects a PDU: {}", session, reason);
        if (reason == RejectReason.WAITING_FOR_LOGOUT) {
            session.asyncMessages().wantLogout(ConnectionException.DEFAULT_TIME2WAIT, 0);
            return;
        }
        if (data.readableBytes() < BasicHeader.LENGTH_BYTES) {
            throw unmatched(reason);
        }
        NopOut header = nopOut.wrap(data, data.readerIndex());
        Opcode opcode = Opcode.ofFirstByte(data.getByte(data.readerIndex()));
        if (opcode == Opcode.NOP_OUT && header.initiatorTaskTag() == BasicHeader.RESERVED_TAG) {
            answerRejected(reason, header);
            return;
        }
        Task task = session.task(header.initiatorTaskTag());
        if (opcode == null || opcode.fromTarget() || !(task == null || concerns(opcode, task, reason))) {
            throw unmatched(reason);
        }
    }

    /** Our answer to the target's ping: it came at the wrong time, so it is sent again. */
    private void answerRejected(RejectReason reason, NopOut header) {
        if (reason == RejectReason.IMMEDIATE_COMMAND_REJECT
                && header.targetTransferTag() != BasicHeader.RESERVED_TAG
                && !session.control().isLoggingOut()) {
            session.control().answerPing(header.lun(), header.targetTransferTag());
        }
    }

    /** Whether the task is one that such a PDU belongs to, and has been told. */
    private boolean concerns(Opcode opcode, Task task, RejectReason reason) {
        return switch (opcode) {
            case SCSI_COMMAND -> task instanceof ScsiTask command && rejected(command, reason);
            case TASK_MANAGEMENT_REQUEST ->
                task instanceof TaskManagement && session.errorHandler().rejected(reason);
            case DATA_OUT -> task instanceof ScsiTask; // the command will be answered, or be overdue one day
            case NOP_OUT, TEXT_REQUEST, LOGOUT_REQUEST -> session.control().rejected(task, reason);
            default -> false;
        };
    }

    /** Its CmdSN may not count as received (section 7.3): then an abort has to fill the gap. */
    private boolean rejected(ScsiTask command, RejectReason reason) {
        boolean damaged = reason == RejectReason.DATA_DIGEST_ERROR;
        TaskException.Kind kind = damaged ? TaskException.Kind.DATA_DIGEST : TaskException.Kind.REJECTED;
        TaskException cause = new TaskException(kind, "the target rejected the command: " + reason);
        if (SerialNumber.isBefore(command.cmdSn(), session.window().expected())) {
            session.abandon(command, cause);
        } else {
            command.rejection(cause);
            session.errorHandler().fillGap();
        }
        return true;
    }

    private static PduException unmatched(RejectReason reason) {
        return new PduException(PduException.Cause.PROTOCOL, "it rejected a PDU: " + reason);
    }
}
