package io.lunbridge.records;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Which node records are meant (M-32). What is null is not asked for.
 *
 * @param targetName exactly this name
 * @param address this address, or a name or address that stands for the same one
 * @param port this port; {@link #ANY}: every one
 * @param tpgt this portal group; {@link #ANY}: every one
 * @param ifaceName exactly this iface
 */
public record NodeFilter(
        @Nullable String targetName,
        @Nullable String address,
        int port,
        int tpgt,
        @Nullable String ifaceName) {

    /** Not asked for. */
    public static final int ANY = -1;

    /** Every record. */
    public static final NodeFilter ALL = new NodeFilter(null, null, ANY, ANY, null);

    public boolean matches(NodeRecord node) {
        return (targetName == null || targetName.equals(node.targetName()))
                && (port == ANY || port == node.port())
                && (tpgt == ANY || tpgt == node.tpgt())
                && (ifaceName == null || ifaceName.equals(node.ifaceName()))
                && (address == null || isSameAddress(address, node.address()));
    }

    /** Whether both are, or are names of, the same address. */
    public static boolean isSameAddress(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        if (isDotted(one) && isDotted(other)) {
            return false;
        }
        try {
            return InetAddress.getByName(one).equals(InetAddress.getByName(other));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isDotted(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
