package io.lunbridge.iscsi.negotiation;

import java.util.Arrays;
import java.util.List;

/** Which digests a side takes, the preferred one first (RFC 7143 section 13.1), in the words of the wire. */
public enum DigestPreference {
    NONE("None"),
    CRC32C("CRC32C"),
    CRC32C_NONE("CRC32C,None"),
    NONE_CRC32C("None,CRC32C");

    private final String text;

    DigestPreference(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** Every text that {@link #parse} takes. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(DigestPreference::text).toList();
    }

    /**
     * Reads a preference, whatever its case.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static DigestPreference parse(String text) {
        for (DigestPreference preference : values()) {
            if (preference.text.equalsIgnoreCase(text)) {
                return preference;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no choice of digests; take one of None; CRC32C; CRC32C,None; None,CRC32C");
    }
}
