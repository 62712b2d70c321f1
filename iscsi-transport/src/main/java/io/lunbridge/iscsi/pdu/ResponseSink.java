package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** Delivers the target's PDUs to an initiator. */
final class ResponseSink implements PduSink {

    private final ResponseListener listener;
    private final DataIn dataIn = new DataIn();
    private final ScsiResponse scsiResponse = new ScsiResponse();
    private final ReadyToTransfer readyToTransfer = new ReadyToTransfer();
    private final NopIn nopIn = new NopIn();
    private final TaskManagementResponse taskManagementResponse = new TaskManagementResponse();
    private final LoginResponse loginResponse = new LoginResponse();
    private final TextResponse textResponse = new TextResponse();
    private final LogoutResponse logoutResponse = new LogoutResponse();
    private final AsyncMessage asyncMessage = new AsyncMessage();
    private final Reject reject = new Reject();

    ResponseSink(ResponseListener listener) {
        this.listener = listener;
    }

    @Override
    public boolean accepts(Opcode opcode) {
        return opcode.fromTarget();
    }

    @Override
    public boolean streams(Opcode opcode) {
        return opcode == Opcode.DATA_IN;
    }

    @Override
    public boolean mayHaveAdditionalHeader(Opcode opcode) {
        return false;
    }

    @Override
    public boolean mayHaveData(Opcode opcode) {
        return switch (opcode) {
            case READY_TO_TRANSFER, TASK_MANAGEMENT_RESPONSE, LOGOUT_RESPONSE -> false;
            default -> true;
        };
    }

    @Override
    public void begin(Opcode opcode, ByteBuf buffer, int offset) throws PduException {
        listener.onDataIn(dataIn.wrap(buffer, offset));
    }

    @Override
    public void payload(ByteBuf piece) throws PduException {
        listener.onDataInPayload(piece);
    }

    @Override
    public void end(boolean digestOk) throws PduException {
        listener.onDataInEnd(digestOk);
    }

    @Override
    public void whole(Opcode opcode, ByteBuf buffer, int offset, ByteBuf data) throws PduException {
        switch (opcode) {
            case SCSI_RESPONSE -> listener.onScsiResponse(scsiResponse.wrap(buffer, offset), data);
            case READY_TO_TRANSFER -> listener.onReadyToTransfer(readyToTransfer.wrap(buffer, offset));
            case NOP_IN -> listener.onNopIn(nopIn.wrap(buffer, offset), data);
            case TASK_MANAGEMENT_RESPONSE ->
                listener.onTaskManagementResponse(taskManagementResponse.wrap(buffer, offset));
            case LOGIN_RESPONSE -> listener.onLoginResponse(loginResponse.wrap(buffer, offset), data);
            case TEXT_RESPONSE -> listener.onTextResponse(textResponse.wrap(buffer, offset), data);
            case LOGOUT_RESPONSE -> listener.onLogoutResponse(logoutResponse.wrap(buffer, offset));
            case ASYNC_MESSAGE -> listener.onAsyncMessage(asyncMessage.wrap(buffer, offset), data);
            case REJECT -> listener.onReject(reject.wrap(buffer, offset), data);
            default -> throw new AssertionError("not a target's opcode: " + opcode);
        }
    }
}
