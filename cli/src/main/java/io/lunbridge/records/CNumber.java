package io.lunbridge.records;

/** Numbers as C reads them, which is how open-iscsi reads those of its records. */
final class CNumber {

    /** ULONG_MAX: all bits. */
    private static final long MOST = -1;

    private CNumber() {}

    /**
     * As strtoul does in base 10: leading blanks, a sign, digits, and whatever follows them is passed over; 0 where there
     * are no digits, all bits where there are too many.
     */
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
            int digit = text.charAt(at) - '0';
            if (Long.compareUnsigned(number, Long.divideUnsigned(MOST - digit, 10)) > 0) {
                return MOST;
            }
            number = number * 10 + digit;
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
