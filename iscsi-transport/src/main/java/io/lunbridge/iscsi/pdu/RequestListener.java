package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * What a target hears: a method per opcode of the initiator.
 *
 * <p>Header views and {@code data} are the reader's and valid only during the call (retain {@code data} to keep it).
 * SCSI Command and Data-Out arrive in pieces: the header, {@link #onPayload} as often as bytes arrive, {@link
 * #onPayloadEnd} (also if there was no data), with no other call between them. A {@link PduException} thrown from any
 * method ends the reader.
 */
public interface RequestListener {

    void onNopOut(NopOut header, ByteBuf data) throws PduException;

    void onTaskManagementRequest(TaskManagementRequest header) throws PduException;

    void onLoginRequest(LoginRequest header, ByteBuf data) throws PduException;

    void onTextRequest(TextRequest header, ByteBuf data) throws PduException;

    void onLogoutRequest(LogoutRequest header) throws PduException;

    void onSnackRequest(SnackRequest header) throws PduException;

    /** A command begins; its immediate data follows. Additional header segments have been checked and left out. */
    void onScsiCommand(ScsiCommand header) throws PduException;

    /** A Data-Out begins; its data follows. */
    void onDataOut(DataOut header) throws PduException;

    /** The next bytes of the data segment, in order: a slice of the receive buffer, the listener's to release. */
    void onPayload(ByteBuf piece) throws PduException;

    /** The command or Data-Out is complete; {@code digestOk} is false if its data digest does not match. */
    void onPayloadEnd(boolean digestOk) throws PduException;
}
