package io.lunbridge.iscsi.pdu;

/** Login Request (RFC 7143 section 11.12). Always immediate. T is {@link #finalBit()}. */
public final class LoginRequest extends RequestHeader<LoginRequest> {

    private static final int CONTINUE = 0x40;

    public LoginRequest() {
        super(Opcode.LOGIN_REQUEST);
    }

    @Override
    LoginRequest self() {
        return this;
    }

    @Override
    void reserveTags() {
        immediate(true).finalBit(false);
    }

    /** C: more text follows in the next request. */
    public boolean continueBit() {
        return flag(CONTINUE);
    }

    public LoginRequest continueBit(boolean on) {
        return flag(CONTINUE, on);
    }

    public LoginStage currentStage() {
        return LoginStage.of(uint8(FLAGS_OFFSET) >> 2 & 0x03);
    }

    public LoginRequest currentStage(LoginStage stage) {
        return flagBits(0x0c, stage.code() << 2);
    }

    /** Valid only with T set. */
    public LoginStage nextStage() {
        return LoginStage.of(uint8(FLAGS_OFFSET) & 0x03);
    }

    public LoginRequest nextStage(LoginStage stage) {
        return flagBits(0x03, stage.code());
    }

    public int versionMax() {
        return uint8(2);
    }

    public LoginRequest versionMax(int version) {
        return uint8(2, version);
    }

    public int versionMin() {
        return uint8(3);
    }

    public LoginRequest versionMin(int version) {
        return uint8(3, version);
    }

    /** The six ISID bytes, byte 8 of the header the most significant of 48 bits. */
    public long isid() {
        return int64(LUN_OFFSET) >>> 16;
    }

    public LoginRequest isid(long isid) {
        return int64(LUN_OFFSET, isid << 16 | tsih());
    }

    /** The session to join; 0 for a new session. */
    public int tsih() {
        return uint16(14);
    }

    public LoginRequest tsih(int handle) {
        return uint16(14, handle);
    }

    public int connectionId() {
        return uint16(20);
    }

    public LoginRequest connectionId(int id) {
        return uint16(20, id);
    }
}
