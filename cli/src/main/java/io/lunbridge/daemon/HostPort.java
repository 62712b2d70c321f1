package io.lunbridge.daemon;

import java.net.InetSocketAddress;

/**
 * A network address as a user writes it: {@code host}, {@code host:port}, {@code [v6]}, {@code [v6]:port}.
 *
 * @param host a name or an address, without brackets
 * @param port 0..65535; 0 only where a free port may be chosen
 */
public record HostPort(String host, int port) {

    /** The registered port of iSCSI (RFC 7143 section 4.2.7.2). */
    public static final int ISCSI_PORT = 3260;

    /** The registered port of NBD. */
    public static final int NBD_PORT = 10809;

    private static final int MAX_PORT = 65535;

    /**
     * Reads an address, without resolving it.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static HostPort parse(String text, int defaultPort) {
        if (text.startsWith("[")) {
            return parseBracketed(text, defaultPort);
        }
        int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) {
            throw new IllegalArgumentException("put the IPv6 address in '" + text + "' in brackets: [ADDRESS]:PORT");
        }
        String host = colon < 0 ? text : text.substring(0, colon);
        checkHostName(host, text);
        return new HostPort(host, colon < 0 ? defaultPort : parsePort(text.substring(colon + 1)));
    }

    private static HostPort parseBracketed(String text, int defaultPort) {
        int close = text.indexOf(']');
        if (close < 0) {
            throw new IllegalArgumentException("'" + text + "' lacks the closing bracket of the IPv6 address");
        }
        String host = text.substring(1, close);
        if (!host.contains(":") || !host.matches("[0-9A-Fa-f:.]+(%[0-9A-Za-z._-]+)?")) {
            throw new IllegalArgumentException("'" + host + "' is no IPv6 address; brackets are for IPv6 only");
        }
        String rest = text.substring(close + 1);
        if (rest.isEmpty()) {
            return new HostPort(host, defaultPort);
        }
        if (rest.charAt(0) != ':') {
            throw new IllegalArgumentException("'" + rest + "' after the bracket: write [ADDRESS]:PORT");
        }
        return new HostPort(host, parsePort(rest.substring(1)));
    }

    private static void checkHostName(String host, String text) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' has no host name; write HOST or HOST:PORT");
        }
        if (!host.matches("[0-9A-Za-z._-]+")) {
            throw new IllegalArgumentException("'" + host + "' is no host name and no address");
        }
    }

    private static int parsePort(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port <= MAX_PORT) {
                return port;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no port number; it must be 1 to " + MAX_PORT);
    }

    /** Resolves the name, blocking; {@link InetSocketAddress#isUnresolved()} tells whether that failed. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    /** The form that {@link #parse} takes. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
