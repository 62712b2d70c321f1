package io.lunbridge.daemon;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Byte counts as a user writes and reads them: {@code 4096}, {@code 4K}, {@code 64MiB}, {@code 1T}. */
public final class ByteSize {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,19})([KMGTP]?)(?:iB|B)?", Pattern.CASE_INSENSITIVE);
    private static final String SUFFIXES = "KMGTP";
    private static final int BITS_PER_SUFFIX = 10;

    private ByteSize() {}

    /**
     * Reads a byte count. Suffixes are powers of 1024.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no size; write a whole number of bytes, or one with K, M, G, T or P (1K is 1024 bytes)");
        }
        String suffix = matcher.group(2).toUpperCase(Locale.ROOT);
        int shift = suffix.isEmpty() ? 0 : BITS_PER_SUFFIX * (SUFFIXES.indexOf(suffix) + 1);
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is more bytes than a disk can have", e);
        }
    }

    /** For people: three digits and a unit, as in {@code 1.50 GiB}; exact below 1 KiB. */
    public static String describe(long bytes) {
        if (bytes < 1L << BITS_PER_SUFFIX) {
            return bytes + " bytes";
        }
        int step = Math.min((63 - Long.numberOfLeadingZeros(bytes)) / BITS_PER_SUFFIX, SUFFIXES.length());
        double scaled = bytes / (double) (1L << (BITS_PER_SUFFIX * step));
        String digits = scaled == Math.rint(scaled) ? "%.0f" : scaled < 10 ? "%.2f" : "%.1f";
        return String.format(Locale.ROOT, digits, scaled) + " " + SUFFIXES.charAt(step - 1) + "iB";
    }
}
