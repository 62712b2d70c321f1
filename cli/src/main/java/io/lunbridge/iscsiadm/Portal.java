package io.lunbridge.iscsiadm;

import org.jspecify.annotations.Nullable;

/**
 * What {@code -p} says (M-2, CR-10): {@code ip[:port][,tpgt]}, {@code [v6]:port}, a bare IPv6 address, a host name.
 *
 * @param address without brackets; null if nothing was said, or a bracket is not closed
 * @param port -1 if nothing was said
 * @param tpgt -1 if nothing was said
 */
record Portal(@Nullable String address, int port, int tpgt) {

    /** What open-iscsi takes for a portal group tag that is not known. */
    static final int UNKNOWN_TPGT = -1;

    static final Portal NONE = new Portal(null, -1, UNKNOWN_TPGT);

    /** Never fails: what cannot be right is found when it is looked up. */
    static Portal of(String text, int portBefore) {
        String address = text;
        String rest = "";
        if (text.startsWith("[") && text.indexOf('.') < 0) {
            int end = text.indexOf(']');
            if (end < 0) {
                return new Portal(null, portBefore, UNKNOWN_TPGT);
            }
            address = text.substring(1, end);
            rest = text.substring(end + 1);
            int separator = firstOf(rest, ":,");
            rest = separator < 0 ? "" : rest.substring(separator);
        } else {
            int separator = firstOf(text, isBareIpv6(text) ? "," : ":,");
            if (separator >= 0) {
                address = text.substring(0, separator);
                rest = text.substring(separator);
            }
        }
        int comma = rest.indexOf(',');
        int tpgt = comma < 0 ? UNKNOWN_TPGT : CNumber.ofInt(rest.substring(comma + 1));
        return new Portal(address, rest.startsWith(":") ? CNumber.ofInt(rest.substring(1)) : portBefore, tpgt);
    }

    private static boolean isBareIpv6(String text) {
        return text.indexOf('.') < 0 && text.indexOf(':') != text.lastIndexOf(':');
    }

    private static int firstOf(String text, String separators) {
        for (int i = 0; i < text.length(); i++) {
            if (separators.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** The same with a port, if it has none. */
    Portal orPort(int defaultPort) {
        return port < 0 ? new Portal(address, defaultPort, tpgt) : this;
    }
}
