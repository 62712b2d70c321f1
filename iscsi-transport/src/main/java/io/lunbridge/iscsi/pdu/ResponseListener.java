package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * What an initiator hears: a method per opcode of the target.
 *
 * <p>Header views and {@code data} are the reader's and valid only during the call (retain {@code data} to keep it);
 * {@code data} is the whole data segment, empty if there is none. Only Data-In arrives in pieces: {@link #onDataIn},
 * {@link #onDataInPayload} as often as bytes arrive, {@link #onDataInEnd}, with no other call between them. A {@link
 * PduException} thrown from any method ends the reader.
 */
public interface ResponseListener {

    void onNopIn(NopIn header, ByteBuf data) throws PduException;

    void onScsiResponse(ScsiResponse header, ByteBuf data) throws PduException;

    void onTaskManagementResponse(TaskManagementResponse header) throws PduException;

    void onLoginResponse(LoginResponse header, ByteBuf data) throws PduException;

    void onTextResponse(TextResponse header, ByteBuf data) throws PduException;

    void onLogoutResponse(LogoutResponse header) throws PduException;

    void onReadyToTransfer(ReadyToTransfer header) throws PduException;

    void onAsyncMessage(AsyncMessage header, ByteBuf data) throws PduException;

    void onReject(Reject header, ByteBuf data) throws PduException;

    /** A Data-In begins. What {@link #onDataInEnd} needs to know of the header must be read here. */
    void onDataIn(DataIn header) throws PduException;

    /** The next bytes of the data segment, in order: a slice of the receive buffer, the listener's to release. */
    void onDataInPayload(ByteBuf piece) throws PduException;

    /** The Data-In is complete; {@code digestOk} is false if its data digest does not match the payload. */
    void onDataInEnd(boolean digestOk) throws PduException;
}
