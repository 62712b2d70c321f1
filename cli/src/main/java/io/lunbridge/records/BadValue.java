package io.lunbridge.records;

import java.util.List;

/** A key or a value that a record does not take; exit code 7 of {@code iscsiadm}. */
public final class BadValue extends Exception {

    private static final long serialVersionUID = 1;

    private final String key;

    BadValue(String key, String message) {
        super(message);
        this.key = key;
    }

    static BadValue fixedKey(String key) {
        return new BadValue(key, "Cannot modify " + key + ". It is used to look up the record and cannot be changed.");
    }

    static BadValue unknownKey(String key) {
        return new BadValue(key, "Cannot modify " + key + ". Invalid param name.");
    }

    static BadValue unknownValue(String key, String value) {
        return new BadValue(key, "unknown value format '" + value + "' for parameter name '" + key + "'");
    }

    /** The key that was not taken. */
    public String key() {
        return key;
    }

    /** What open-iscsi says of it in node mode, a line each: a value's refusal has a second line. */
    public List<String> nodeMessages() {
        String message = String.valueOf(getMessage());
        return message.startsWith("unknown value")
                ? List.of(message, "Unknown parameter " + key + ".")
                : List.of(message);
    }
}
