package io.lunbridge.bench;

import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.ResponseListener;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.netty.buffer.ByteBuf;

/** Counts the payload of Data-In and lets it go. */
final class ReceivedBytes implements ResponseListener {

    private long bytes;

    long bytes() {
        return bytes;
    }

    @Override
    public void onDataIn(DataIn header) {
        bytes += header.initiatorTaskTag();
    }

    @Override
    public void onDataInPayload(ByteBuf piece) {
        bytes += piece.readableBytes();
        piece.release();
    }

    @Override
    public void onDataInEnd(boolean digestOk) {
        if (!digestOk) {
            throw new IllegalStateException("bad digest");
        }
    }

    @Override
    public void onNopIn(NopIn header, ByteBuf data) {}

    @Override
    public void onScsiResponse(ScsiResponse header, ByteBuf data) {}

    @Override
    public void onTaskManagementResponse(TaskManagementResponse header) {}

    @Override
    public void onLoginResponse(LoginResponse header, ByteBuf data) {}

    @Override
    public void onTextResponse(TextResponse header, ByteBuf data) {}

    @Override
    public void onLogoutResponse(LogoutResponse header) {}

    @Override
    public void onReadyToTransfer(ReadyToTransfer header) {}

    @Override
    public void onAsyncMessage(AsyncMessage header, ByteBuf data) {}

    @Override
    public void onReject(Reject header, ByteBuf data) {}
}
