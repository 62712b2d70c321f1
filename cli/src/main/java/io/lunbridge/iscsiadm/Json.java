package io.lunbridge.iscsiadm;

import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The little of JSON that the control socket's messages need: objects, lists, strings, whole numbers, booleans, null. A
 * library would cost more to load than the rest of a command takes.
 */
final class Json {

    private static final int MAX_DEPTH = 16;

    private final String text;
    private int position;

    private Json(String text) {
        this.text = text;
    }

    /** Appends a value: a map with strings for keys, a list, or what has a plain text. */
    static void write(@Nullable Object value, StringBuilder to) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writeString(String.valueOf(entry.getKey()), to.append(separator));
                write(entry.getValue(), to.append(':'));
                separator = ",";
            }
            to.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object each : list) {
                write(each, to.append(separator));
                separator = ",";
            }
            to.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof String string) {
            writeString(string, to);
        } else {
            to.append(value);
        }
    }

    private static void writeString(String string, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < string.length(); i++) {
            char character = string.charAt(i);
            if (character == '"' || character == '\\') {
                to.append('\\').append(character);
            } else if (character < ' ' || character > '~') {
                String hex = Integer.toHexString(character);
                to.append("\\u").append("0000", hex.length(), 4).append(hex);
            } else {
                to.append(character);
            }
        }
        to.append('"');
    }

    /**
     * Reads a value that is the whole text.
     *
     * @throws ProtocolException if it is none
     */
    static @Nullable Object read(String text) throws ProtocolException {
        Json json = new Json(text);
        Object value = json.value(0);
        json.skipBlanks();
        if (json.position < text.length()) {
            throw json.fault();
        }
        return value;
    }

    private @Nullable Object value(int depth) throws ProtocolException {
        skipBlanks();
        if (depth > MAX_DEPTH || position == text.length()) {
            throw fault();
        }
        return switch (text.charAt(position)) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> map(int depth) throws ProtocolException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        position++;
        while (!ends('}', map.isEmpty())) {
            skipBlanks();
            String key = string();
            expect(':');
            map.put(key, value(depth + 1));
        }
        return map;
    }

    private List<@Nullable Object> list(int depth) throws ProtocolException {
        List<@Nullable Object> list = new ArrayList<>();
        position++;
        while (!ends(']', list.isEmpty())) {
            list.add(value(depth + 1));
        }
        return list;
    }

    /** Whether that ends here; if not, the comma before the next element is passed, unless it is the first. */
    private boolean ends(char end, boolean isFirst) throws ProtocolException {
        skipBlanks();
        if (position < text.length() && text.charAt(position) == end) {
            position++;
            return true;
        }
        if (!isFirst) {
            expect(',');
        }
        return false;
    }

    private void expect(char expected) throws ProtocolException {
        skipBlanks();
        if (position == text.length() || text.charAt(position) != expected) {
            throw fault();
        }
        position++;
    }

    private String string() throws ProtocolException {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (position < text.length()) {
            char character = text.charAt(position++);
            if (character == '"') {
                return string.toString();
            }
            string.append(character == '\\' ? escaped() : character);
        }
        throw fault();
    }

    private char escaped() throws ProtocolException {
        if (position == text.length()) {
            throw fault();
        }
        char character = text.charAt(position++);
        return switch (character) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> fourDigits();
            default -> character;
        };
    }

    private char fourDigits() throws ProtocolException {
        try {
            position += 4;
            return (char) Integer.parseInt(text.substring(position - 4, position), 16);
        } catch (RuntimeException e) {
            throw fault();
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) throws ProtocolException {
        if (!text.startsWith(word, position)) {
            throw fault();
        }
        position += word.length();
        return value;
    }

    private Object number() throws ProtocolException {
        int start = position;
        while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        String digits = text.substring(start, position);
        try {
            return digits.indexOf('.') < 0 ? (Object) Long.valueOf(digits) : (Object) Double.valueOf(digits);
        } catch (NumberFormatException e) {
            throw fault();
        }
    }

    private void skipBlanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private ProtocolException fault() {
        return new ProtocolException("no JSON at character " + position);
    }
}
