package io.lunbridge.iscsi.pdu;

/** Ready To Transfer, R2T (RFC 7143 section 11.8). */
public final class ReadyToTransfer extends ResponseHeader<ReadyToTransfer> {

    public ReadyToTransfer() {
        super(Opcode.READY_TO_TRANSFER);
    }

    @Override
    ReadyToTransfer self() {
        return this;
    }

    public int targetTransferTag() {
        return int32(20);
    }

    public ReadyToTransfer targetTransferTag(int tag) {
        return int32(20, tag);
    }

    public int r2tSn() {
        return int32(36);
    }

    public ReadyToTransfer r2tSn(int number) {
        return int32(36, number);
    }

    /** Unsigned. */
    public int bufferOffset() {
        return int32(40);
    }

    public ReadyToTransfer bufferOffset(int offsetBytes) {
        return int32(40, offsetBytes);
    }

    /** Unsigned, never 0. */
    public int desiredDataTransferLength() {
        return int32(44);
    }

    public ReadyToTransfer desiredDataTransferLength(int lengthBytes) {
        return int32(44, lengthBytes);
    }
}
