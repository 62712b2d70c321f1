package io.lunbridge.iscsi.negotiation;

/**
 * One pair of a text segment (RFC 7143 section 6.1).
 *
 * @param key a key-name
 * @param value whatever follows the first {@code =}
 */
public record KeyValue(String key, String value) {

    /** The answer to a key that the receiver does not know. */
    public static final String NOT_UNDERSTOOD = "NotUnderstood";

    /** The answer to a key that other keys or the kind of session have made meaningless. */
    public static final String IRRELEVANT = "Irrelevant";

    /** The answer to a value that cannot be accepted. */
    public static final String REJECT = "Reject";

    public static KeyValue of(Key key, String value) {
        return new KeyValue(key.text(), value);
    }

    public boolean is(Key other) {
        return key.equals(other.text());
    }

    /** Whether the value is one of the three constants that can only be answers. */
    public boolean isRefusal() {
        return value.equals(NOT_UNDERSTOOD) || value.equals(IRRELEVANT) || value.equals(REJECT);
    }

    /**
     * The value as a number, 0 to {@code max}, in decimal or hexadecimal digits.
     *
     * @throws NegotiationException if it is none
     */
    public int number(int max) throws NegotiationException {
        long number = KeyBounds.number(value);
        if (number < 0 || number > max) {
            throw new NegotiationException(this + " is not a value of that key");
        }
        return (int) number;
    }

    @Override
    public String toString() {
        return key + "=" + value;
    }
}
