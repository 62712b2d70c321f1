package io.lunbridge.names;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What udev makes of text that it did not choose itself, before the text becomes a name or a property. */
final class UdevText {

    /** Beside letters and digits. */
    private static final String ALLOWED = "#+-.:=@_";

    private static final String WHITESPACE = " \t\n\u000b\f\r";
    private static final int MAX_UTF8_BYTES = 4;

    private UdevText() {}

    /** Blanks at both ends go, those in between become one underscore each run, and what names must not hold another. */
    static String name(byte[] text) {
        return allowed(words(text));
    }

    static String name(String text) {
        return name(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What names must not hold, as backslash, x, two digits. */
    static String encoded(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            int sequence = utf8Bytes(text, i);
            if (sequence > 1) {
                out.write(text, i, sequence);
                i += sequence - 1;
            } else if (isAllowed(text[i])) {
                out.write(text[i]);
            } else {
                String digits = "\\x" + HexFormat.of().toHexDigits(text[i]);
                out.writeBytes(digits.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A tag: letters, digits and dashes, and an underscore for each run of anything else but at the ends. */
    static String tag(String text) {
        return text.replaceAll("[^0-9A-Za-z-]+", "_").replaceAll("^_+|_+$", "");
    }

    private static byte[] words(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean blank = false;
        for (byte character : text) {
            if (isWhitespace(character)) {
                blank = out.size() > 0;
                continue;
            }
            if (blank) {
                out.write('_');
                blank = false;
            }
            out.write(character);
        }
        return out.toByteArray();
    }

    private static String allowed(byte[] text) {
        byte[] out = text.clone();
        for (int i = 0; i < out.length; i++) {
            int sequence = utf8Bytes(out, i);
            if (sequence > 1) {
                i += sequence - 1;
            } else if (out[i] == '\\' && i + 1 < out.length && out[i + 1] == 'x') {
                // Taken for something encoded already.
                i++;
            } else if (!isAllowed(out[i])) {
                out[i] = '_';
            }
        }
        return new String(out, StandardCharsets.UTF_8);
    }

    private static boolean isAllowed(byte character) {
        return (character >= '0' && character <= '9')
                || (character >= 'A' && character <= 'Z')
                || (character >= 'a' && character <= 'z')
                || ALLOWED.indexOf(character) >= 0;
    }

    private static boolean isWhitespace(byte character) {
        return WHITESPACE.indexOf(character) >= 0;
    }

    /** How many bytes the character at {@code offset} has, and 0 where there is none. */
    private static int utf8Bytes(byte[] text, int offset) {
        if (text[offset] >= 0) {
            return 1;
        }
        for (int length = 2; length <= MAX_UTF8_BYTES && offset + length <= text.length; length++) {
            if (isOneCharacter(Arrays.copyOfRange(text, offset, offset + length))) {
                return length;
            }
        }
        return 0;
    }

    private static boolean isOneCharacter(byte[] bytes) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return decoded.codePointCount(0, decoded.length()) == 1;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
