package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Remembers what a reader delivered: one line per call, payload pieces joined, every buffer released by {@link #close}. */
final class ReceivedPdus implements ResponseListener, RequestListener, AutoCloseable {

    final List<String> calls = new ArrayList<>();
    final List<ByteBuf> pieces = new ArrayList<>();
    private final ByteBuf payload = Unpooled.buffer();

    @Override
    public void onNopIn(NopIn header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onScsiResponse(ScsiResponse header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onTaskManagementResponse(TaskManagementResponse header) {
        whole(header, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void onLoginResponse(LoginResponse header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onTextResponse(TextResponse header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onLogoutResponse(LogoutResponse header) {
        whole(header, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void onReadyToTransfer(ReadyToTransfer header) {
        whole(header, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void onAsyncMessage(AsyncMessage header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onReject(Reject header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onDataIn(DataIn header) {
        calls.add("begin " + header);
    }

    @Override
    public void onDataInPayload(ByteBuf piece) {
        onPayload(piece);
    }

    @Override
    public void onDataInEnd(boolean digestOk) {
        onPayloadEnd(digestOk);
    }

    @Override
    public void onNopOut(NopOut header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onTaskManagementRequest(TaskManagementRequest header) {
        whole(header, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void onLoginRequest(LoginRequest header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onTextRequest(TextRequest header, ByteBuf data) {
        whole(header, data);
    }

    @Override
    public void onLogoutRequest(LogoutRequest header) {
        whole(header, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void onSnackRequest(SnackRequest header) {
        whole(header, Unpooled.EMPTY_BUFFER);
    }

    @Override
    public void onScsiCommand(ScsiCommand header) {
        calls.add("begin " + header);
    }

    @Override
    public void onDataOut(DataOut header) {
        calls.add("begin " + header);
    }

    @Override
    public void onPayload(ByteBuf piece) {
        payload.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
        pieces.add(piece);
    }

    @Override
    public void onPayloadEnd(boolean digestOk) {
        calls.add("end " + digestOk + " " + text(payload));
        payload.clear();
    }

    private void whole(BasicHeader<?> header, ByteBuf data) {
        calls.add(header + " " + text(data));
    }

    private static String text(ByteBuf data) {
        return data.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
    }
}
