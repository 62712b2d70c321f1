package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** Delivers the initiator's PDUs to a target. */
final class RequestSink implements PduSink {

    private final RequestListener listener;
    private final ScsiCommand scsiCommand = new ScsiCommand();
    private final DataOut dataOut = new DataOut();
    private final NopOut nopOut = new NopOut();
    private final TaskManagementRequest taskManagementRequest = new TaskManagementRequest();
    private final LoginRequest loginRequest = new LoginRequest();
    private final TextRequest textRequest = new TextRequest();
    private final LogoutRequest logoutRequest = new LogoutRequest();
    private final SnackRequest snackRequest = new SnackRequest();

    RequestSink(RequestListener listener) {
        this.listener = listener;
    }

    @Override
    public boolean accepts(Opcode opcode) {
        return !opcode.fromTarget();
    }

    @Override
    public boolean streams(Opcode opcode) {
        return opcode == Opcode.DATA_OUT || opcode == Opcode.SCSI_COMMAND;
    }

    @Override
    public boolean mayHaveAdditionalHeader(Opcode opcode) {
        return opcode == Opcode.SCSI_COMMAND;
    }

    @Override
    public boolean mayHaveData(Opcode opcode) {
        return switch (opcode) {
            case TASK_MANAGEMENT_REQUEST, LOGOUT_REQUEST, SNACK_REQUEST -> false;
            default -> true;
        };
    }

    @Override
    public void begin(Opcode opcode, ByteBuf buffer, int offset) throws PduException {
        if (opcode == Opcode.SCSI_COMMAND) {
            listener.onScsiCommand(scsiCommand.wrap(buffer, offset));
        } else {
            listener.onDataOut(dataOut.wrap(buffer, offset));
        }
    }

    @Override
    public void payload(ByteBuf piece) throws PduException {
        listener.onPayload(piece);
    }

    @Override
    public void end(boolean digestOk) throws PduException {
        listener.onPayloadEnd(digestOk);
    }

    @Override
    public void whole(Opcode opcode, ByteBuf buffer, int offset, ByteBuf data) throws PduException {
        switch (opcode) {
            case NOP_OUT -> listener.onNopOut(nopOut.wrap(buffer, offset), data);
            case TASK_MANAGEMENT_REQUEST ->
                listener.onTaskManagementRequest(taskManagementRequest.wrap(buffer, offset));
            case LOGIN_REQUEST -> listener.onLoginRequest(loginRequest.wrap(buffer, offset), data);
            case TEXT_REQUEST -> listener.onTextRequest(textRequest.wrap(buffer, offset), data);
            case LOGOUT_REQUEST -> listener.onLogoutRequest(logoutRequest.wrap(buffer, offset));
            case SNACK_REQUEST -> listener.onSnackRequest(snackRequest.wrap(buffer, offset));
            default -> throw new AssertionError("not an initiator's opcode: " + opcode);
        }
    }
}
