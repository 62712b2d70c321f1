package io.lunbridge.iscsi.session;

/**
 * The session's CmdSN and the window that the target grants (RFC 7143 section 4.2.2.1).
 *
 * <p>A number is taken when its PDU is put on the wire, so what is cancelled before leaves no gap. ExpCmdSN and MaxCmdSN
 * only ever grow: PDUs of several connections may arrive out of order.
 */
final class CommandWindow {

    private int cmdSn;
    private int expCmdSn;
    private int maxCmdSn;

    /**
     * A window that admits one command, until the target says more.
     *
     * @param firstCmdSn CmdSN of the first command after login
     */
    CommandWindow(int firstCmdSn) {
        cmdSn = firstCmdSn;
        expCmdSn = firstCmdSn;
        maxCmdSn = firstCmdSn;
    }

    /** Whether a non-immediate command may be sent. */
    boolean isOpen() {
        return !SerialNumber.isBefore(maxCmdSn, cmdSn);
    }

    /** The number of the next command, and what an immediate one carries without using it up. */
    int next() {
        return cmdSn;
    }

    /** Uses up the next number. */
    int take() {
        return cmdSn++;
    }

    /** The first command that the target has not taken yet. */
    int expected() {
        return expCmdSn;
    }

    /** Learns from any PDU that carries the two; an impossible pair is ignored. */
    void update(int newExpCmdSn, int newMaxCmdSn) {
        if (SerialNumber.isBefore(newMaxCmdSn, newExpCmdSn - 1)) {
            return;
        }
        expCmdSn = SerialNumber.later(expCmdSn, newExpCmdSn);
        maxCmdSn = SerialNumber.later(maxCmdSn, newMaxCmdSn);
    }
}
