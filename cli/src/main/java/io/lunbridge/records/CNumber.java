package io.lunbridge.records;

/** Numbers as C reads them, which is how open-iscsi reads those of its records. */
final class CNumber {

    /** One more digit could not overflow a long. */
    private static final long LIMIT = (Long.MAX_VALUE - 9) / 10;

    private CNumber() {}

    /** As strtoul does in base 10: leading blanks, a sign, digits, and whatever follows them is passed over; else 0. */
    static long parse(String text) {
        int at = 0;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        boolean negative = at < text.length() && text.charAt(at) == '-';
        if (negative || (at < text.length() && text.charAt(at) == '+')) {
            at++;
        }
        long number = 0;
        for (; at < text.length() && isDigit(text.charAt(at)); at++) {
            if (number > LIMIT) {
                return -1; // ULONG_MAX: all bits
            }
            number = number * 10 + (text.charAt(at) - '0');
        }
        return negative ? -number : number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
