package io.lunbridge.iscsi.session;

/** Serial number arithmetic of 32 bits (RFC 1982, which RFC 7143 section 4.2.2.1 prescribes for CmdSN and StatSN). */
final class SerialNumber {

    private SerialNumber() {}

    /** Whether {@code a} comes before {@code b}, also across the wrap at 2^32. */
    static boolean isBefore(int a, int b) {
        return a - b < 0;
    }

    /** The later of the two. */
    static int later(int a, int b) {
        return isBefore(a, b) ? b : a;
    }
}
