package io.lunbridge.isns;

import java.nio.ByteBuffer;

/** Addresses as open-iscsi writes them, so that records have one name: IPv6 in the shortest form (RFC 5952). */
final class IpText {

    private static final int IPV6_BYTES = 16;
    private static final int GROUPS = 8;
    private static final int FIRST_OF_IPV4 = 6;
    private static final int MAPPED = 0xffff;

    private IpText() {}

    /** Of 16 bytes, which hold an IPv4 address in their last four; empty of anything else. */
    static String of(ByteBuffer value) {
        if (value.remaining() != IPV6_BYTES) {
            return "";
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = value.getShort() & 0xffff;
        }
        return isIpv4(groups) ? ipv4(groups) : ipv6(groups);
    }

    private static boolean isIpv4(int[] groups) {
        for (int i = 0; i < FIRST_OF_IPV4 - 1; i++) {
            if (groups[i] != 0) {
                return false;
            }
        }
        return groups[FIRST_OF_IPV4 - 1] == MAPPED;
    }

    private static String ipv4(int[] groups) {
        int high = groups[FIRST_OF_IPV4];
        int low = groups[FIRST_OF_IPV4 + 1];
        return (high >> 8) + "." + (high & 0xff) + "." + (low >> 8) + "." + (low & 0xff);
    }

    private static String ipv6(int[] groups) {
        int start = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zeros(groups, i);
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (length > 1 && i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static int zeros(int[] groups, int from) {
        int end = from;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - from;
    }
}
