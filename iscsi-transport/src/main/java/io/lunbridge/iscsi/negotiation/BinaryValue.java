package io.lunbridge.iscsi.negotiation;

import java.util.Base64;
import java.util.HexFormat;

/**
 * A binary-value (RFC 7143 section 6.1): bytes as {@code 0x} and hexadecimal digits or {@code 0b} and Base64.
 *
 * @param bytes what it stands for; not copied
 * @param isBase64 how it is written
 */
@SuppressWarnings("ArrayRecordComponent") // is never compared
public record BinaryValue(byte[] bytes, boolean isBase64) {

    private static final String HEX = "0x";
    private static final String BASE64 = "0b";

    /**
     * Reads a value. Its length is looked at before anything is decoded.
     *
     * @throws NegotiationException if it is malformed, empty, or longer than {@code maxBytes}
     */
    public static BinaryValue parse(KeyValue pair, int maxBytes) throws NegotiationException {
        String text = pair.value();
        String digits = text.substring(Math.min(HEX.length(), text.length()));
        boolean isHex = text.regionMatches(true, 0, HEX, 0, HEX.length());
        boolean isBase64 = text.regionMatches(true, 0, BASE64, 0, BASE64.length());
        if ((!isHex && !isBase64) || digits.isEmpty()) {
            throw malformed(pair);
        }
        int maxDigits = isHex ? 2 * maxBytes : (maxBytes + 2) / 3 * 4;
        byte[] bytes = digits.length() > maxDigits ? null : isHex ? hex(pair, digits) : base64(pair, digits);
        if (bytes == null || bytes.length > maxBytes) {
            throw new NegotiationException(pair.key() + " is longer than " + maxBytes + " bytes");
        }
        return new BinaryValue(bytes, isBase64);
    }

    /** An odd number of digits lacks its first zero: n digits are (n + 1) / 2 bytes. */
    private static byte[] hex(KeyValue pair, String digits) throws NegotiationException {
        try {
            return HexFormat.of().parseHex((digits.length() & 1) == 0 ? digits : "0" + digits);
        } catch (IllegalArgumentException e) {
            throw malformed(pair);
        }
    }

    private static byte[] base64(KeyValue pair, String digits) throws NegotiationException {
        try {
            byte[] bytes = Base64.getDecoder().decode(digits);
            if (bytes.length == 0) {
                throw malformed(pair);
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw malformed(pair);
        }
    }

    private static NegotiationException malformed(KeyValue pair) {
        return new NegotiationException(pair.key() + " is no binary value");
    }

    /** As on the wire. */
    public String text() {
        return isBase64
                ? BASE64 + Base64.getEncoder().encodeToString(bytes)
                : HEX + HexFormat.of().formatHex(bytes);
    }

    /** Says nothing of the bytes, which may be worth keeping to ourselves. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
