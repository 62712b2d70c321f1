package io.lunbridge.iscsi.pdu;

/**
 * What the initiator's PDUs share: CmdSN in bytes 24–27 and ExpStatSN in bytes 28–31.
 *
 * @param <S> the class itself
 */
public abstract class RequestHeader<S extends RequestHeader<S>> extends BasicHeader<S> {

    private static final int CMD_SN_OFFSET = 24;
    private static final int EXP_STAT_SN_OFFSET = 28;

    RequestHeader(Opcode opcode) {
        super(opcode);
    }

    /** CmdSN (section 11.3.2); reserved in Data-Out and SNACK. */
    public final int cmdSn() {
        return int32(CMD_SN_OFFSET);
    }

    public final S cmdSn(int number) {
        return int32(CMD_SN_OFFSET, number);
    }

    /** Everything up to ExpStatSN − 1 has been received (section 11.3.3). */
    public final int expStatSn() {
        return int32(EXP_STAT_SN_OFFSET);
    }

    public final S expStatSn(int number) {
        return int32(EXP_STAT_SN_OFFSET, number);
    }
}
