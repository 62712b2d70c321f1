package io.lunbridge.records;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of one kind of record, in the order in which they are shown and in that of its files. */
final class KeyTable {

    private final List<Key> shown;
    private final List<Key> filed;
    private final Map<String, Key> byName = new HashMap<>();

    /** @param filed the same keys in the order of the file */
    private KeyTable(List<Key> shown, List<Key> filed) {
        this.shown = Collections.unmodifiableList(shown);
        this.filed = Collections.unmodifiableList(filed);
        for (Key key : shown) {
            byName.put(key.name(), key);
        }
    }

    List<Key> shown() {
        return shown;
    }

    List<Key> filed() {
        return filed;
    }

    /** The key of that name; null where this kind of record has none. */
    @Nullable
    Key key(String name) {
        return byName.get(name);
    }

    /** The same keys, the first of which stand in another order in the file. */
    KeyTable filedFrom(String firstName, List<String> names) {
        List<Key> order = new ArrayList<>(shown);
        List<Key> moved = new ArrayList<>();
        for (String name : names) {
            Key key = byName.get(name);
            if (key != null) {
                moved.add(key);
            }
        }
        order.removeAll(moved);
        int at = 0;
        while (!order.get(at).name().equals(firstName)) {
            at++;
        }
        order.addAll(at + 1, moved);
        return new KeyTable(shown, order);
    }

    /** Collects keys in their order. */
    static final class Builder {

        private final List<Key> keys = new ArrayList<>();

        Builder add(KeyType type, String name, String preset) {
            keys.add(new Key(name, type, preset, Key.Access.OPEN));
            return this;
        }

        Builder fixed(KeyType type, String name, String preset) {
            keys.add(new Key(name, type, preset, Key.Access.FIXED));
            return this;
        }

        Builder secret(KeyType type, String name) {
            keys.add(new Key(name, type, "", Key.Access.SECRET));
            return this;
        }

        Builder hidden(KeyType type, String name) {
            keys.add(new Key(name, type, "", Key.Access.HIDDEN));
            return this;
        }

        Builder addAll(KeyTable other) {
            keys.addAll(other.shown);
            return this;
        }

        KeyTable build() {
            return new KeyTable(keys, keys);
        }
    }
}
