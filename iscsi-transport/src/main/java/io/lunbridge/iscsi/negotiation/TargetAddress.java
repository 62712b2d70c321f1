package io.lunbridge.iscsi.negotiation;

/**
 * Where a target can be reached (RFC 7143 section 13.8): {@code domainname[:port][,portal-group-tag]}.
 *
 * @param host a name or an address; IPv6 without its brackets
 * @param port TCP port
 * @param portalGroupTag 0 to 65535, or {@link #NO_TAG}
 */
public record TargetAddress(String host, int port, int portalGroupTag) {

    /** The port that IANA assigned to iSCSI. */
    public static final int DEFAULT_PORT = 3260;

    /** The address came without a portal group tag, as in a redirect. */
    public static final int NO_TAG = -1;

    private static final int MAX_16_BITS = 65535;

    /** Reads a TargetAddress value. */
    public static TargetAddress parse(String value) throws NegotiationException {
        int comma = value.lastIndexOf(',');
        int tag = comma < 0 ? NO_TAG : number(value, value.substring(comma + 1), 0);
        String address = comma < 0 ? value : value.substring(0, comma);
        int hostEnd = hostEnd(value, address);
        String host = address.startsWith("[") ? address.substring(1, hostEnd - 1) : address.substring(0, hostEnd);
        if (host.isEmpty()) {
            throw malformed(value);
        }
        int port = DEFAULT_PORT;
        if (hostEnd < address.length()) {
            if (address.charAt(hostEnd) != ':') {
                throw malformed(value);
            }
            port = number(value, address.substring(hostEnd + 1), 1);
        }
        return new TargetAddress(host, port, tag);
    }

    /** A bracketed IPv6 address ends behind its bracket; a bare one, which some targets send, has several colons. */
    private static int hostEnd(String value, String address) throws NegotiationException {
        if (address.startsWith("[")) {
            int bracket = address.indexOf(']');
            if (bracket < 0) {
                throw malformed(value);
            }
            return bracket + 1;
        }
        int colon = address.indexOf(':');
        return colon < 0 || colon != address.lastIndexOf(':') ? address.length() : colon;
    }

    private static int number(String value, String digits, int min) throws NegotiationException {
        long number = KeyBounds.number(digits);
        if (number < min || number > MAX_16_BITS) {
            throw malformed(value);
        }
        return (int) number;
    }

    private static NegotiationException malformed(String value) {
        return new NegotiationException("malformed TargetAddress=" + value);
    }

    /** As on the wire. */
    @Override
    public String toString() {
        String address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        return portalGroupTag == NO_TAG ? address : address + "," + portalGroupTag;
    }
}
