package io.lunbridge.iscsi.negotiation;

import java.util.EnumMap;
import java.util.Map;

/** What one side wants of each key: the values it proposes, and chooses by when the other side proposes. Immutable. */
public final class KeyOffer {

    private static final KeyOffer EMPTY = new KeyOffer(new EnumMap<>(Key.class));

    private final Map<Key, String> values;

    private KeyOffer(Map<Key, String> values) {
        this.values = values;
    }

    /** What makes reads and writes fast and leaves the target its freedom; digests only if it insists on them. */
    public static KeyOffer forSpeed() {
        return EMPTY.withHeaderDigest(DigestPreference.NONE_CRC32C)
                .withDataDigest(DigestPreference.NONE_CRC32C)
                .with(Key.MAX_CONNECTIONS, 1)
                .with(Key.INITIAL_R2T, "No")
                .with(Key.IMMEDIATE_DATA, "Yes")
                .with(Key.MAX_RECV_DATA_SEGMENT_LENGTH, 256 * 1024)
                .with(Key.MAX_BURST_LENGTH, 0xffffff & ~0xfff)
                .with(Key.FIRST_BURST_LENGTH, 256 * 1024)
                .with(Key.DEFAULT_TIME2WAIT, 0)
                .with(Key.DEFAULT_TIME2RETAIN, 0)
                .with(Key.MAX_OUTSTANDING_R2T, 8)
                .with(Key.DATA_PDU_IN_ORDER, "No")
                .with(Key.DATA_SEQUENCE_IN_ORDER, "No")
                .with(Key.ERROR_RECOVERY_LEVEL, 0);
    }

    /** What a discovery session offers: nothing but the length of a data segment, for some targets go astray on more. */
    public static KeyOffer forDiscovery() {
        return EMPTY.with(Key.MAX_RECV_DATA_SEGMENT_LENGTH, 256 * 1024);
    }

    /** The same with {@code value} for {@code key}; a list is separated by commas, the preferred first. */
    public KeyOffer with(Key key, String value) {
        Map<Key, String> copy = new EnumMap<>(values);
        copy.put(key, value);
        return new KeyOffer(copy);
    }

    public KeyOffer with(Key key, int value) {
        if (!key.bounds().admits(value)) {
            throw new IllegalArgumentException(key.text() + "=" + value + " is out of bounds");
        }
        return with(key, Integer.toString(value));
    }

    /** The same with other digests of headers. */
    public KeyOffer withHeaderDigest(DigestPreference preference) {
        return with(Key.HEADER_DIGEST, preference.text());
    }

    /** The same with other digests of data. */
    public KeyOffer withDataDigest(DigestPreference preference) {
        return with(Key.DATA_DIGEST, preference.text());
    }

    /** The same without proposing {@code key}. */
    public KeyOffer without(Key key) {
        Map<Key, String> copy = new EnumMap<>(values);
        copy.remove(key);
        return new KeyOffer(copy);
    }

    boolean contains(Key key) {
        return values.containsKey(key);
    }

    /** The value wanted; a key of no preference has its default. */
    String value(Key key) {
        return values.getOrDefault(key, key.defaultValue());
    }

    Iterable<Key> keys() {
        return values.keySet();
    }
}
