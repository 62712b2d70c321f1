package io.lunbridge.daemon;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The address of a LUN: {@code iscsi://[user[%secret]@]host[:port]/iqn/lun}, the form that libiscsi and QEMU take.
 *
 * <p>IPv6 addresses stand in brackets. {@code %XX} stands for a byte in the secret and in the target name. The first
 * {@code %} before the {@code @} ends the user name, so a user name holds none, and a {@code %}, {@code /} or
 * {@code @} in the secret is written {@code %25}, {@code %2F}, {@code %40}.
 *
 * @param user CHAP user, or null where the URL names none
 * @param secret CHAP secret, or null
 * @param portal where the target listens
 * @param targetName iSCSI name of the target (RFC 7143 section 4.2.7)
 * @param lun 0..{@value #MAX_LUN}
 */
public record LunUrl(@Nullable String user, @Nullable String secret, HostPort portal, String targetName, int lun) {

    /** What a flat-space LUN can express (SAM-5 4.7.3). */
    public static final int MAX_LUN = 16383;

    static final String FORM = "iscsi://[USER[%SECRET]@]HOST[:PORT]/TARGET-NAME/LUN";

    private static final String SCHEME = "iscsi://";
    private static final int MAX_NAME_BYTES = 223;

    /**
     * Reads a URL, without resolving the host.
     *
     * @throws IllegalArgumentException with a sentence for the user; it never holds the secret
     */
    public static LunUrl parse(String text) {
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new IllegalArgumentException("a URL begins with " + SCHEME + "; write " + FORM);
        }
        String rest = text.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("the URL has no target name; write " + FORM);
        }
        String authority = rest.substring(0, slash);
        String path = rest.substring(slash + 1);
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? null : authority.substring(0, at);
        HostPort portal = parsePortal(authority.substring(at + 1));
        int lunSlash = path.lastIndexOf('/');
        if (lunSlash < 0) {
            throw new IllegalArgumentException("the URL has no LUN; write " + FORM);
        }
        String targetName = parseTargetName(path.substring(0, lunSlash));
        int lun = parseLun(path.substring(lunSlash + 1));
        return new LunUrl(user(userInfo), secret(userInfo), portal, targetName, lun);
    }

    private static HostPort parsePortal(String text) {
        if (text.contains("%") && !text.startsWith("[")) {
            throw new IllegalArgumentException("the URL has a '%' before its first '/' and no '@' in between; in a"
                    + " secret, '/' is written %2F");
        }
        HostPort portal = HostPort.parse(text, HostPort.ISCSI_PORT);
        if (portal.port() == 0) {
            throw new IllegalArgumentException("port 0 in the URL: a target listens on 1 to 65535, usually 3260");
        }
        return portal;
    }

    private static @Nullable String user(@Nullable String userInfo) {
        if (userInfo == null) {
            return null;
        }
        int percent = userInfo.indexOf('%');
        String user = percent < 0 ? userInfo : userInfo.substring(0, percent);
        if (user.isEmpty()) {
            throw new IllegalArgumentException("the URL has an '@' but no user before it; write " + FORM);
        }
        return user;
    }

    private static @Nullable String secret(@Nullable String userInfo) {
        int percent = userInfo == null ? -1 : userInfo.indexOf('%');
        if (userInfo == null || percent < 0) {
            return null;
        }
        return decode(userInfo.substring(percent + 1), "the secret");
    }

    private static String parseTargetName(String encoded) {
        String name = decode(encoded, "the target name");
        if (!isTargetName(name)) {
            throw new IllegalArgumentException("'" + encoded
                    + "' is no iSCSI name; it begins with iqn., eui. or naa. (lunbridge discover lists them)");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("the target name is longer than " + MAX_NAME_BYTES + " bytes");
        }
        return name;
    }

    /** Whether it has the form of an iSCSI name, apart from its length. */
    public static boolean isTargetName(String name) {
        return name.matches("(?:iqn|eui|naa)\\.[^\\s\\p{Cntrl}/?#]+");
    }

    private static int parseLun(String text) {
        if (text.contains("?")) {
            throw new IllegalArgumentException("the URL has options after '?'; lunbridge takes none there");
        }
        if (text.matches("[0-9]{1,5}")) {
            int lun = Integer.parseInt(text);
            if (lun <= MAX_LUN) {
                return lun;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no LUN; it must be 0 to " + MAX_LUN);
    }

    private static String decode(String text, String what) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                out[length++] = (byte) hexPair(in, i + 1, what);
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        String decoded = new String(out, 0, length, StandardCharsets.UTF_8);
        if (!Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), Arrays.copyOf(out, length))) {
            throw new IllegalArgumentException(what + " is no UTF-8; a binary secret goes into a --chap-file");
        }
        return decoded;
    }

    private static int hexPair(byte[] in, int index, String what) {
        int high = index + 1 < in.length ? Character.digit(in[index], 16) : -1;
        int low = index + 1 < in.length ? Character.digit(in[index + 1], 16) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException(
                    "a '%' in " + what + " is not followed by two hex digits; write %25 for a plain '%'");
        }
        return (high << 4) | low;
    }

    /** The same without user and secret. */
    public LunUrl withoutUser() {
        return new LunUrl(null, null, portal, targetName, lun);
    }

    /** The URL without user and secret, as {@link #parse} reads it: fit for logs and messages. */
    @Override
    public String toString() {
        return SCHEME + portal + "/" + targetName.replace("%", "%25") + "/" + lun;
    }
}
