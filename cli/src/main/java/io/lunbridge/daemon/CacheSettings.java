package io.lunbridge.daemon;

import java.util.Map;

/**
 * How much of a LUN is kept in memory.
 *
 * @param sizeBytes of all pages; 0 for no cache
 * @param readAheadBytes most that is read ahead of one sequential reader; 0 for none
 */
public record CacheSettings(long sizeBytes, int readAheadBytes) {

    /** No cache. */
    public static final CacheSettings NONE = new CacheSettings(0, 0);

    /** The environment's setting for all that is served and attached without one of its own. */
    public static final String VARIABLE = "LUNBRIDGE_CACHE";

    private static final long MIN_BYTES = 1 << 20;
    private static final long MAX_BYTES = 1L << 42;
    private static final int MIN_READ_AHEAD_BYTES = 16 << 10;
    private static final int MAX_READ_AHEAD_BYTES = 32 << 20;

    /**
     * Checks what a user wrote.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static CacheSettings of(long sizeBytes, long readAheadBytes) {
        if (sizeBytes == 0 && readAheadBytes == 0) {
            return NONE;
        }
        if (sizeBytes == 0) {
            throw new IllegalArgumentException("to read ahead there must be a cache; give its size too, as 64M");
        }
        if (sizeBytes < MIN_BYTES || sizeBytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a cache of " + ByteSize.describe(sizeBytes) + " makes no sense; give 1M to 4T, or 0 for none");
        }
        if (readAheadBytes != 0 && (readAheadBytes < MIN_READ_AHEAD_BYTES || readAheadBytes > MAX_READ_AHEAD_BYTES)) {
            throw new IllegalArgumentException("to read " + ByteSize.describe(readAheadBytes)
                    + " ahead makes no sense; give 16K to 32M, or 0 for none");
        }
        return new CacheSettings(sizeBytes, (int) readAheadBytes);
    }

    /**
     * Reads {@code SIZE[,READAHEAD]}, as {@code 64M,1M}.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static CacheSettings parse(String text) {
        String[] parts = text.strip().split(",", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException("'" + text + "' is not SIZE[,READAHEAD], as 64M,1M");
        }
        long readAhead = parts.length == 2 ? ByteSize.parse(parts[1].strip()) : 0;
        return of(ByteSize.parse(parts[0].strip()), readAhead);
    }

    /** What the environment says; none where it says nothing. */
    public static CacheSettings ofEnvironment(Map<String, String> environment) throws CommandException {
        String text = environment.getOrDefault(VARIABLE, "");
        try {
            return text.isBlank() ? NONE : parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, VARIABLE + ": " + e.getMessage(), e);
        }
    }

    boolean isOff() {
        return sizeBytes == 0;
    }
}
