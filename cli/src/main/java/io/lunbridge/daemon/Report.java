package io.lunbridge.daemon;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Named facts in order, for people or for programs. A value is a string, number, boolean, list or null (unknown); keys
 * are JSON's, and people see them in words.
 */
public final class Report {

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Adds a fact; numbers stay numbers. */
    public Report put(String key, @Nullable Object value) {
        values.put(key, value);
        return this;
    }

    public Map<String, @Nullable Object> values() {
        return values;
    }

    /** A line per known fact: the key in words, then the value. */
    public String text() {
        int width = values.keySet().stream()
                .mapToInt(key -> words(key).length())
                .max()
                .orElse(0);
        return values.entrySet().stream()
                .filter(fact -> fact.getValue() != null)
                .map(fact -> pad(words(fact.getKey()) + ":", width) + describe(fact.getKey(), fact.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /** All known values on one line, for lists. */
    public String line() {
        return values.entrySet().stream()
                .filter(fact -> fact.getValue() != null)
                .map(fact -> describe(fact.getKey(), fact.getValue()))
                .collect(Collectors.joining("  ", "", "\n"));
    }

    private static String words(String key) {
        return key.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width + 3 - text.length());
    }

    private static String describe(String key, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        if (value instanceof Boolean flag) {
            return flag ? "yes" : "no";
        }
        if (value instanceof Long bytes && key.endsWith("Bytes")) {
            return bytes < 1024 ? bytes.toString() : bytes + " (" + ByteSize.describe(bytes) + ")";
        }
        return String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
    }
}
