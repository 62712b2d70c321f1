package io.lunbridge.iscsi.negotiation;

/**
 * The numbers that a key admits.
 *
 * @param min least, inclusive
 * @param max greatest, inclusive
 */
public record KeyBounds(int min, int max) {

    static final KeyBounds NONE = new KeyBounds(0, -1);
    static final KeyBounds COUNT = new KeyBounds(1, 65535);
    static final KeyBounds TAG = new KeyBounds(0, 65535);
    static final KeyBounds LENGTH = new KeyBounds(512, 0xffffff);
    static final KeyBounds SECONDS = new KeyBounds(0, 3600);
    static final KeyBounds LEVEL = new KeyBounds(0, 2);
    static final KeyBounds PROTOCOL = new KeyBounds(0, 31);

    /** Whether the key's value is a number at all. */
    public boolean isNumeric() {
        return max >= min;
    }

    boolean admits(long number) {
        return number >= min && number <= max;
    }

    /** The number that a key's value stands for, if it is admitted; else −1. */
    public int admitted(String value) {
        long number = number(value);
        return admits(number) ? (int) number : -1;
    }

    /** Reads a decimal or hexadecimal constant (section 6.1); −1 if it is neither or has more than 32 bits. */
    static long number(String value) {
        boolean hex = value.startsWith("0x") || value.startsWith("0X");
        String digits = hex ? value.substring(2) : value;
        if (digits.isEmpty() || digits.length() > 16) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, hex ? 16 : 10) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * (hex ? 16 : 10) + digit;
            if (number > 0xffff_ffffL) {
                return -1;
            }
        }
        return number;
    }
}
