package io.lunbridge.records;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a record says: values of keys that its kind has, and, untouched, whatever else its file has. Immutable. */
final class Values {

    /** What open-iscsi shows for a value that is unset. */
    static final String EMPTY = "<empty>";

    private static final String STARS = "********";

    /** Names of the time before 2.0-870, still taken. */
    private static final String OLD_TRANSPORT_NAME = "node.transport_name";

    private final RecordKind kind;
    private final Map<String, String> set;
    private final KeyTable table;

    private Values(RecordKind kind, Map<String, String> set) {
        this.kind = kind;
        this.set = set;
        this.table = kind.table(set);
    }

    static Values presets(RecordKind kind) {
        return new Values(kind, Map.of());
    }

    /** The value; empty where it is unset or the record has no such key. */
    String value(String name) {
        String value = set.get(name);
        if (value != null) {
            return value;
        }
        Key key = table.key(name);
        return key == null ? "" : key.preset();
    }

    int number(String name) {
        return (int) CNumber.parse(value(name));
    }

    /** With values that are known to be right. */
    Values put(Map<String, String> values) {
        Map<String, String> changed = new LinkedHashMap<>(set);
        changed.putAll(values);
        return new Values(kind, changed);
    }

    Values put(String name, String value) {
        return put(Map.of(name, value));
    }

    /**
     * With the lines of a file.
     *
     * @param keepAll whether keys that this kind does not have are kept for whoever knows them
     * @param warnings told of each value that was not taken
     */
    Values read(List<RecordText.Line> lines, boolean keepAll, Consumer<String> warnings) {
        Map<String, String> changed = new LinkedHashMap<>(set);
        for (RecordText.Line line : lines) {
            if (line.name().equals(IfaceKeys.NAME)) {
                changed.put(line.name(), line.value());
            }
        }
        KeyTable keys = kind.table(changed);
        for (RecordText.Line line : lines) {
            String name = named(line.name());
            Key key = keys.key(name);
            if (key == null) {
                if (keepAll) {
                    changed.put(name, line.value());
                }
            } else if (key.access() != Key.Access.HIDDEN && (keepAll || key.access() != Key.Access.FIXED)) {
                try {
                    changed.put(name, key.type().stored(name, line.value(), warnings));
                } catch (BadValue e) {
                    warnings.accept("config file line " + line.number() + " contains " + e.getMessage());
                }
            }
        }
        return new Values(kind, changed);
    }

    /** With all of these pairs, or, if one is refused, with none. The names are looked at before the values. */
    Values updated(List<Map.Entry<String, String>> pairs, Consumer<String> warnings) throws BadValue {
        for (Map.Entry<String, String> pair : pairs) {
            Key key = table.key(named(pair.getKey()));
            if (key == null) {
                throw BadValue.unknownKey(pair.getKey());
            }
            if (key.access() == Key.Access.FIXED) {
                throw BadValue.fixedKey(pair.getKey());
            }
        }
        Map<String, String> changed = new LinkedHashMap<>(set);
        for (Map.Entry<String, String> pair : pairs) {
            String name = named(pair.getKey());
            Key key = table.key(name);
            if (key != null && key.access() != Key.Access.HIDDEN) {
                changed.put(name, key.type().stored(name, pair.getValue(), warnings));
            }
        }
        return new Values(kind, changed);
    }

    private static String named(String name) {
        return name.equals(OLD_TRANSPORT_NAME) ? IfaceKeys.TRANSPORT_NAME : name;
    }

    /** All keys of this kind that may be seen with their values, in the order in which they are shown. */
    List<Map.Entry<String, String>> entries() {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        for (Key key : table.shown()) {
            if (key.access() != Key.Access.HIDDEN) {
                entries.add(Map.entry(key.name(), value(key.name())));
            }
        }
        return entries;
    }

    /** As {@code iscsiadm} prints it. */
    String dump(boolean showSecrets) {
        StringBuilder text = new StringBuilder(4096).append(RecordText.BEGIN).append('\n');
        for (Key key : table.shown()) {
            if (key.access() != Key.Access.HIDDEN) {
                String value = value(key.name());
                boolean masked = key.access() == Key.Access.SECRET && !showSecrets;
                line(text, key.name(), value.isEmpty() ? EMPTY : masked ? STARS : value);
            }
        }
        return text.append(RecordText.END).append('\n').toString();
    }

    /** As it is stored: what is unset is left out, what we do not know is kept. */
    String fileText() {
        StringBuilder text = new StringBuilder(4096).append(RecordText.BEGIN).append('\n');
        for (Key key : table.filed()) {
            String value = value(key.name());
            if (key.access() != Key.Access.HIDDEN && !value.isEmpty()) {
                line(text, key.name(), value);
            }
        }
        for (Map.Entry<String, String> entry : set.entrySet()) {
            if (table.key(entry.getKey()) == null && !entry.getValue().isEmpty()) {
                line(text, entry.getKey(), entry.getValue());
            }
        }
        return text.append(RecordText.END).append('\n').toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(" = ").append(value).append('\n');
    }

    /** The values that are set whose names begin so. */
    Map<String, String> startingWith(String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : set.entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                found.put(entry.getKey(), entry.getValue());
            }
        }
        return found;
    }

    /** Without the values whose names begin so. */
    Values without(String prefix) {
        Map<String, String> changed = new LinkedHashMap<>(set);
        changed.keySet().removeIf(name -> name.startsWith(prefix));
        return new Values(kind, changed);
    }
}
