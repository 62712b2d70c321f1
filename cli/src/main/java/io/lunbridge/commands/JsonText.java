package io.lunbridge.commands;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259) from maps, lists, strings, numbers, booleans and null, two spaces per level. Only ASCII leaves
 * it: serials and names come from the target and may hold anything.
 */
final class JsonText {

    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    static String of(@Nullable Object value) {
        JsonText text = new JsonText();
        text.value(value, "\n");
        return text.out.toString();
    }

    private void value(@Nullable Object value, String newLine) {
        if (value instanceof Map<?, ?> map) {
            object(map.entrySet().iterator(), newLine);
        } else if (value instanceof List<?> list) {
            array(list.iterator(), newLine);
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            string(value.toString());
        }
    }

    private void object(Iterator<? extends Map.Entry<?, ?>> members, String newLine) {
        if (!members.hasNext()) {
            out.append("{}");
            return;
        }
        String inner = newLine + "  ";
        out.append('{');
        while (members.hasNext()) {
            Map.Entry<?, ?> member = members.next();
            out.append(inner);
            string(String.valueOf(member.getKey()));
            out.append(": ");
            value(member.getValue(), inner);
            out.append(members.hasNext() ? "," : newLine);
        }
        out.append('}');
    }

    private void array(Iterator<?> elements, String newLine) {
        if (!elements.hasNext()) {
            out.append("[]");
            return;
        }
        String inner = newLine + "  ";
        out.append('[');
        while (elements.hasNext()) {
            out.append(inner);
            value(elements.next(), inner);
            out.append(elements.hasNext() ? "," : newLine);
        }
        out.append(']');
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
