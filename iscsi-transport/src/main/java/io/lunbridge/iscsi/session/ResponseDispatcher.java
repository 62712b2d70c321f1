package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.ResponseHeader;
import io.lunbridge.iscsi.pdu.ResponseListener;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.lunbridge.scsi.SenseData;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the target's PDUs to whom they concern: counts StatSN, feeds the command window, finds the task.
 *
 * <p>StatSN (RFC 7143 section 4.2.2.2) is valid and used up by every PDU with a status. A Data-In has one only with the S
 * bit; an R2T and a NOP-In that answers nothing show the next one and do not use it up.
 */
final class ResponseDispatcher implements ResponseListener {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseDispatcher.class);
    private static final int SENSE_LENGTH_BYTES = 2;

    private final Connection connection;
    private @Nullable Session session;

    private @Nullable ScsiTask dataInTask;
    private int dataInTag;
    private boolean dataInEndsTask;
    private int dataInStatus;
    private int dataInResidualBytes;

    ResponseDispatcher(Connection connection) {
        this.connection = connection;
    }

    void session(Session fullFeatureSession) {
        session = fullFeatureSession;
    }

    @Override
    public void onLoginResponse(LoginResponse header, ByteBuf data) throws PduException {
        if (connection.state() != ConnectionState.IN_LOGIN) {
            throw violation("a Login Response outside the login phase");
        }
        connection.owner().loginResponse(header, data);
    }

    @Override
    public void onDataIn(DataIn header) throws PduException {
        Session current = learnWindow(header);
        dataInEndsTask = header.statusBit();
        if (dataInEndsTask) {
            connection.acceptStatSn(header.statSn());
            dataInStatus = header.status();
            dataInResidualBytes = header.overflow() || header.underflow() ? header.residualCount() : 0;
        }
        dataInTag = header.initiatorTaskTag();
        dataInTask = current.scsiTask(dataInTag);
        if (dataInTask != null) {
            dataInTask.admit(header, current.fullFeature().keys().flow());
            if (header.dataSegmentLength() > 0) {
                current.progress(dataInTask);
            }
        }
    }

    @Override
    public void onDataInPayload(ByteBuf piece) {
        ScsiTask task = dataInTask();
        if (task == null) {
            piece.release();
        } else {
            task.receive(piece);
        }
    }

    /** The task of the present Data-In, unless it was given up, and perhaps used again, since the header came. */
    private @Nullable ScsiTask dataInTask() {
        ScsiTask task = dataInTask;
        return task != null && task.initiatorTaskTag() == dataInTag ? task : null;
    }

    @Override
    public void onDataInEnd(boolean digestOk) {
        ScsiTask task = dataInTask();
        dataInTask = null;
        Session current = session;
        if (task == null || current == null) {
            return;
        }
        if (!digestOk) {
            LOG.warn("{}: data that was read is damaged: its digest does not match", current);
            task.damaged();
        }
        if (dataInEndsTask) {
            current.conclude(task, dataInStatus, SenseData.NONE, dataInResidualBytes);
        }
    }

    @Override
    public void onScsiResponse(ScsiResponse header, ByteBuf data) throws PduException {
        Session current = learnWindow(header);
        connection.acceptStatSn(header.statSn());
        ScsiTask task = current.scsiTask(header.initiatorTaskTag());
        if (task == null) {
            return;
        }
        if (header.response() != ScsiResponse.COMPLETED_AT_TARGET) {
            current.abandon(
                    task, new TaskException(TaskException.Kind.DEFECT, "the target failed to execute the command"));
            return;
        }
        int residualBytes = header.overflow() || header.underflow() ? header.residualCount() : 0;
        current.conclude(task, header.status(), sense(data), residualBytes);
    }

    /** The sense behind its length field; either may be cut short. */
    private static SenseData sense(ByteBuf data) {
        if (data.readableBytes() <= SENSE_LENGTH_BYTES) {
            return SenseData.NONE;
        }
        int claimed = data.getUnsignedShort(data.readerIndex());
        int there = data.readableBytes() - SENSE_LENGTH_BYTES;
        return SenseData.decode(data.slice(data.readerIndex() + SENSE_LENGTH_BYTES, Math.min(claimed, there)));
    }

    @Override
    public void onReadyToTransfer(ReadyToTransfer header) throws PduException {
        Session current = learnWindow(header);
        ScsiTask task = current.scsiTask(header.initiatorTaskTag());
        if (task != null) {
            if (header.targetTransferTag() == BasicHeader.RESERVED_TAG) {
                throw violation("R2T with the reserved Target Transfer Tag");
            }
            current.answer(task, header);
        }
    }

    @Override
    public void onNopIn(NopIn header, ByteBuf data) throws PduException {
        Session current = learnWindow(header);
        if (header.initiatorTaskTag() != BasicHeader.RESERVED_TAG) {
            connection.acceptStatSn(header.statSn());
            current.control().pingAnswered(header.initiatorTaskTag());
        }
        if (header.targetTransferTag() != BasicHeader.RESERVED_TAG) {
            current.control().answerPing(header.lun(), header.targetTransferTag());
        }
    }

    @Override
    public void onTextResponse(TextResponse header, ByteBuf data) throws PduException {
        Session current = learnWindow(header);
        connection.acceptStatSn(header.statSn());
        current.control().textResponse(header, data);
    }

    @Override
    public void onLogoutResponse(LogoutResponse header) throws PduException {
        Session current = learnWindow(header);
        connection.acceptStatSn(header.statSn());
        current.control().logoutAnswered(header);
    }

    @Override
    public void onTaskManagementResponse(TaskManagementResponse header) throws PduException {
        Session current = learnWindow(header);
        connection.acceptStatSn(header.statSn());
        current.errorHandler().answered(header);
    }

    @Override
    public void onAsyncMessage(AsyncMessage header, ByteBuf data) throws PduException {
        Session current = learnWindow(header);
        connection.acceptStatSn(header.statSn());
        current.asyncMessages().received(header, sense(data));
    }

    @Override
    public void onReject(Reject header, ByteBuf data) throws PduException {
        Session current = learnWindow(header);
        connection.acceptStatSn(header.statSn());
        current.rejects().received(header.reason(), data);
    }

    private Session learnWindow(ResponseHeader<?> header) throws PduException {
        Session current = session;
        if (current == null) {
            throw violation(header.opcode() + " before the login is complete");
        }
        current.window().update(header.expCmdSn(), header.maxCmdSn());
        return current;
    }

    private static PduException violation(String what) {
        return new PduException(PduException.Cause.PROTOCOL, what);
    }
}
