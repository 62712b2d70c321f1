package io.lunbridge.iscsiadm;

/**
 * Numbers as C reads them: blanks before, a sign, as many digits as there are, anything after. Scripts have come to rely
 * on it, so {@code -P 1x} is 1 and {@code -P x} is 0.
 */
final class CNumber {

    private final String text;
    private int position;
    private long magnitude;
    private boolean isTooLarge;

    private CNumber(String text) {
        this.text = text;
    }

    /** What {@code atoi} makes of it: the low 32 bits of {@link #ofLong}. */
    static int ofInt(String text) {
        return (int) ofLong(text);
    }

    /** The number, or the nearest that 64 bits hold. */
    static long ofLong(String text) {
        CNumber number = new CNumber(text);
        boolean isNegative = number.readSign();
        number.readDigits();
        if (number.isTooLarge || number.magnitude < 0) {
            return isNegative ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return isNegative ? -number.magnitude : number.magnitude;
    }

    /** Whether it is more than 64 bits without a sign hold. */
    static boolean isBeyondUnsigned(String text) {
        CNumber number = new CNumber(text);
        number.readSign();
        number.readDigits();
        return number.isTooLarge;
    }

    /** Whether all of it is one number. */
    static boolean isWhole(String text) {
        CNumber number = new CNumber(text);
        number.readSign();
        int first = number.position;
        number.readDigits();
        return number.position > first && number.position == text.length();
    }

    private boolean readSign() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        boolean isNegative = position < text.length() && text.charAt(position) == '-';
        if (isNegative || (position < text.length() && text.charAt(position) == '+')) {
            position++;
        }
        return isNegative;
    }

    private void readDigits() {
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            int digit = text.charAt(position++) - '0';
            isTooLarge |= Long.compareUnsigned(magnitude, Long.divideUnsigned(-1 - (long) digit, 10)) > 0;
            magnitude = magnitude * 10 + digit;
        }
    }
}
