package io.lunbridge.scripted;

/** Sequence numbers of one connection, the target's view: RFC 7143 section 4.2.2. All arithmetic is modulo 2^32. */
public final class PeerNumbers {

    private static final int DEFAULT_WINDOW = 32;

    private int statSn = 0x7fff_fff0;
    private int expCmdSn;
    private int maxCmdSn;
    private int window = DEFAULT_WINDOW;
    private int highestMaxCmdSn;
    private int lastExpStatSn;
    private boolean inFullFeature;
    private boolean checksExpStatSn = true;

    /** Where StatSN starts; by default so that it passes 2^31 soon. To be called before login. */
    public void startStatSnAt(int value) {
        statSn = value;
    }

    /** For libiscsi: it takes an R2T's StatSN, which is the next one to come, as received. */
    public void tolerateEarlyExpStatSn() {
        checksExpStatSn = false;
    }

    public int nextStatSn() {
        return statSn;
    }

    int useStatSn() {
        return statSn++;
    }

    /** The CmdSN that the next non-immediate request has to have. */
    public int expCmdSn() {
        return expCmdSn;
    }

    /** How many commands the initiator may send, from the next PDU that it is told by; 0 closes the window. */
    public void window(int commands) {
        window = commands;
    }

    void begin(RawPdu firstLogin) {
        expCmdSn = firstLogin.cmdSn();
        lastExpStatSn = statSn;
    }

    void enterFullFeature() {
        inFullFeature = true;
        highestMaxCmdSn = maxCmdSn;
    }

    /** The reply with the next StatSN, which it does not use up, and the window. */
    public RawReply stampedUnacknowledged(RawReply reply) {
        return stampWindow(reply.statSn(statSn));
    }

    RawReply stampWindow(RawReply reply) {
        maxCmdSn = expCmdSn + window - 1;
        if (maxCmdSn - highestMaxCmdSn > 0 || !inFullFeature) {
            highestMaxCmdSn = maxCmdSn;
        }
        return reply.window(expCmdSn, maxCmdSn);
    }

    /** The initiator was allowed commands up to this CmdSN at most. */
    public int highestMaxCmdSn() {
        return highestMaxCmdSn;
    }

    void check(RawPdu pdu) {
        checkExpStatSn(pdu);
        if (inFullFeature && pdu.opcode() != Op.DATA_OUT) {
            checkCmdSn(pdu);
        }
    }

    private void checkExpStatSn(RawPdu pdu) {
        if (!inFullFeature || !checksExpStatSn) {
            return;
        }
        int expStatSn = pdu.expStatSn();
        require(expStatSn - lastExpStatSn >= 0, "ExpStatSN fell from %x", lastExpStatSn, pdu);
        require(expStatSn - statSn <= 0, "ExpStatSN acknowledges more than was sent, which is up to %x", statSn, pdu);
        lastExpStatSn = expStatSn;
    }

    private void checkCmdSn(RawPdu pdu) {
        require(pdu.cmdSn() == expCmdSn, "CmdSN is not %x", expCmdSn, pdu);
        if (!pdu.isImmediate()) {
            require(expCmdSn - highestMaxCmdSn <= 0, "CmdSN is beyond MaxCmdSN %x", highestMaxCmdSn, pdu);
            expCmdSn++;
        }
    }

    private static void require(boolean condition, String complaint, int number, RawPdu pdu) {
        if (!condition) {
            throw new AssertionError(String.format(complaint, number) + " in " + pdu);
        }
    }
}
