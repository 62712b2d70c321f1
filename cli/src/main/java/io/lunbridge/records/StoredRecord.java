package io.lunbridge.records;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A record of the database: values under keys. Immutable.
 *
 * @param <R> the kind of record
 */
public abstract sealed class StoredRecord<R extends StoredRecord<R>> permits NodeRecord, DiscoveryRecord, IfaceRecord {

    private final Values values;

    StoredRecord(Values values) {
        this.values = values;
    }

    final Values values() {
        return values;
    }

    abstract R with(Values changed);

    /** The value of a key as text, with open-iscsi's compiled default where none was given; empty where it is unset. */
    public final String value(String key) {
        return values.value(key);
    }

    /** A number's value; 0 where it is none. */
    public final int number(String key) {
        return values.number(key);
    }

    /** This record with another value. */
    public final R with(String key, String value) throws BadValue {
        return updated(List.of(Map.entry(key, value)), warning -> {});
    }

    /**
     * This record with other values (M-7, M-35): all of them, or none when one is refused. Keys are looked at first, then
     * values. A number that is none is 0, as in open-iscsi.
     *
     * @param warnings told of what is left out of a list of values; open-iscsi has these on stderr and goes on
     */
    public final R updated(List<Map.Entry<String, String>> pairs, Consumer<String> warnings) throws BadValue {
        return with(values.updated(pairs, warnings));
    }

    /** All keys in the order in which {@code iscsiadm} shows them, with clear secrets; what is unset is empty. */
    public final List<Map.Entry<String, String>> entries() {
        return values.entries();
    }

    /** As {@code iscsiadm} shows it, from {@code # BEGIN RECORD} to {@code # END RECORD} and the end of that line. */
    public final String dump(boolean showSecrets) {
        return values.dump(showSecrets);
    }
}
