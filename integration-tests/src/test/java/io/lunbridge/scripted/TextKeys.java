package io.lunbridge.scripted;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys and values of a login or text PDU's data segment, in their order: {@code key=value} and a zero byte each. */
public final class TextKeys {

    private final Map<String, String> values = new LinkedHashMap<>();

    /** An alternation of keys and values. */
    public static TextKeys of(String... keysAndValues) {
        TextKeys keys = new TextKeys();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return keys;
    }

    static TextKeys parse(byte[] data) {
        TextKeys keys = new TextKeys();
        for (String pair : new String(data, StandardCharsets.UTF_8).split("\0", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                keys.putNew(pair.substring(0, equals), pair.substring(equals + 1));
            } else if (!pair.isEmpty()) {
                throw new AssertionError("not a key=value pair: " + pair);
            }
        }
        return keys;
    }

    private void putNew(String key, String value) {
        if (values.put(key, value) != null) {
            throw new AssertionError("key " + key + " twice in one PDU, RFC 7143 section 6.2");
        }
    }

    public void put(String key, String value) {
        values.put(key, value);
    }

    public void putAll(TextKeys others) {
        values.putAll(others.values);
    }

    public @Nullable String value(String key) {
        return values.get(key);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public Map<String, String> asMap() {
        return values;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public byte[] encoded() {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
