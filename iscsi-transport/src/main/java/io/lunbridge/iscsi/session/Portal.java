package io.lunbridge.iscsi.session;

/**
 * Where a target listens.
 *
 * @param host name, IPv4 or IPv6 address, without brackets
 * @param port TCP port
 */
public record Portal(String host, int port) {

    /** The port that IANA has assigned to iSCSI. */
    public static final int DEFAULT_PORT = 3260;

    public Portal {
        if (host.isEmpty() || port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("no portal: " + host + " port " + port);
        }
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
