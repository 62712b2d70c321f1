package io.lunbridge.iscsi.pdu;

/**
 * What the target's PDUs share: StatSN, ExpCmdSN and MaxCmdSN in bytes 24–35.
 *
 * @param <S> the class itself
 */
public abstract class ResponseHeader<S extends ResponseHeader<S>> extends BasicHeader<S> {

    private static final int STAT_SN_OFFSET = 24;
    private static final int EXP_CMD_SN_OFFSET = 28;
    private static final int MAX_CMD_SN_OFFSET = 32;

    ResponseHeader(Opcode opcode) {
        super(opcode);
    }

    /** StatSN (section 11.4.9); meaningless in a Data-In without status. */
    public final int statSn() {
        return int32(STAT_SN_OFFSET);
    }

    public final S statSn(int number) {
        return int32(STAT_SN_OFFSET, number);
    }

    /** The next CmdSN that the target expects (section 11.4.10). */
    public final int expCmdSn() {
        return int32(EXP_CMD_SN_OFFSET);
    }

    public final S expCmdSn(int number) {
        return int32(EXP_CMD_SN_OFFSET, number);
    }

    /** The last CmdSN that the target accepts (section 11.4.11). */
    public final int maxCmdSn() {
        return int32(MAX_CMD_SN_OFFSET);
    }

    public final S maxCmdSn(int number) {
        return int32(MAX_CMD_SN_OFFSET, number);
    }
}
