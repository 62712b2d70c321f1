package io.lunbridge.iscsi.pdu;

/** Login Response (RFC 7143 section 11.13). T is {@link #finalBit()}. */
public final class LoginResponse extends ResponseHeader<LoginResponse> {

    private static final int CONTINUE = 0x40;

    public LoginResponse() {
        super(Opcode.LOGIN_RESPONSE);
    }

    @Override
    LoginResponse self() {
        return this;
    }

    @Override
    void reserveTags() {
        finalBit(false);
    }

    /** C: more text follows; the initiator asks for it with an empty request. */
    public boolean continueBit() {
        return flag(CONTINUE);
    }

    public LoginResponse continueBit(boolean on) {
        return flag(CONTINUE, on);
    }

    public LoginStage currentStage() {
        return LoginStage.of(uint8(FLAGS_OFFSET) >> 2 & 0x03);
    }

    public LoginResponse currentStage(LoginStage stage) {
        return flagBits(0x0c, stage.code() << 2);
    }

    /** Valid only with T set. */
    public LoginStage nextStage() {
        return LoginStage.of(uint8(FLAGS_OFFSET) & 0x03);
    }

    public LoginResponse nextStage(LoginStage stage) {
        return flagBits(0x03, stage.code());
    }

    public int versionMax() {
        return uint8(2);
    }

    public int versionActive() {
        return uint8(3);
    }

    /** The six ISID bytes, byte 8 of the header the most significant of 48 bits. */
    public long isid() {
        return int64(LUN_OFFSET) >>> 16;
    }

    public LoginResponse isid(long isid) {
        return int64(LUN_OFFSET, isid << 16 | tsih());
    }

    /** In a new session's last response: the handle the target chose, never 0. */
    public int tsih() {
        return uint16(14);
    }

    public LoginResponse tsih(int handle) {
        return uint16(14, handle);
    }

    /** Status-Class and Status-Detail as one 16-bit number, as {@link LoginStatus} writes them. */
    public int status() {
        return uint16(36);
    }

    public LoginResponse status(int classAndDetail) {
        return uint16(36, classAndDetail);
    }
}
