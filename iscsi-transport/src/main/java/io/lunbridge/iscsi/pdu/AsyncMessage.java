package io.lunbridge.iscsi.pdu;

/** Asynchronous Message (RFC 7143 section 11.9); its data segment is laid out as a SCSI Response's. */
public final class AsyncMessage extends ResponseHeader<AsyncMessage> {

    public AsyncMessage() {
        super(Opcode.ASYNC_MESSAGE);
    }

    @Override
    AsyncMessage self() {
        return this;
    }

    @Override
    void reserveTags() {
        initiatorTaskTag(RESERVED_TAG);
    }

    public AsyncEvent event() {
        return AsyncEvent.of(uint8(36));
    }

    public AsyncMessage event(AsyncEvent event) {
        return uint8(36, event.code());
    }

    public int vendorCode() {
        return uint8(37);
    }

    public AsyncMessage vendorCode(int code) {
        return uint8(37, code);
    }

    public int parameter1() {
        return uint16(38);
    }

    public AsyncMessage parameter1(int value) {
        return uint16(38, value);
    }

    public int parameter2() {
        return uint16(40);
    }

    public AsyncMessage parameter2(int value) {
        return uint16(40, value);
    }

    public int parameter3() {
        return uint16(42);
    }

    public AsyncMessage parameter3(int value) {
        return uint16(42, value);
    }
}
