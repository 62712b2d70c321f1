package io.lunbridge.daemon;

import org.jspecify.annotations.Nullable;

/**
 * Which part of which LUN shall become a device.
 *
 * @param readOnly whether writes are refused here, whatever the LUN takes
 * @param offsetBytes where the part begins, a multiple of the LUN's block size
 * @param lengthBytes how long it is, a multiple of the LUN's block size; null for all up to the LUN's end
 * @param cache what of it is kept in memory
 */
public record DiskRequest(
        LunUrl url,
        boolean readOnly,
        long offsetBytes,
        @Nullable Long lengthBytes,
        CacheSettings cache) {

    /** Without a cache. */
    public DiskRequest(LunUrl url, boolean readOnly, long offsetBytes, @Nullable Long lengthBytes) {
        this(url, readOnly, offsetBytes, lengthBytes, CacheSettings.NONE);
    }

    /** The same part with a cache. */
    public DiskRequest withCache(CacheSettings newCache) {
        return new DiskRequest(url, readOnly, offsetBytes, lengthBytes, newCache);
    }

    /** The same with a URL that names no user. */
    public DiskRequest withoutUser() {
        return new DiskRequest(url.withoutUser(), readOnly, offsetBytes, lengthBytes, cache);
    }

    /** All of a LUN. */
    public static DiskRequest whole(LunUrl url, boolean readOnly) {
        return new DiskRequest(url, readOnly, 0, null);
    }

    /**
     * The length that this request means on a LUN of that size.
     *
     * @throws CommandException if the range does not fit
     */
    long lengthWithin(long lunBytes, int blockBytes) throws CommandException {
        long length = lengthBytes == null ? lunBytes - offsetBytes : lengthBytes;
        if (offsetBytes >= lunBytes || length <= 0 || length > lunBytes - offsetBytes) {
            throw outOfRange("--offset " + offsetBytes + (lengthBytes == null ? "" : " --length " + lengthBytes)
                    + " is not inside the LUN, which has " + lunBytes + " bytes; choose a smaller range");
        }
        if (offsetBytes % blockBytes != 0 || length % blockBytes != 0) {
            throw outOfRange(
                    "--offset and --length must be multiples of the LUN's block size, " + blockBytes + " bytes");
        }
        return length;
    }

    /**
     * Checks that no cache of the one can hold what is written to the other. A LUN is known by its target and number.
     *
     * @throws CommandException if one could
     */
    public void requireNoCacheBetween(DiskRequest held) throws CommandException {
        if (wouldMissWritesOf(held) || held.wouldMissWritesOf(this)) {
            throw new CommandException(
                    ExitCode.BUSY,
                    held.identifier()
                            + " is attached already; one of both has a cache and would not see what is written"
                            + " to the other: attach it without --cache, or detach the other first");
        }
    }

    private boolean wouldMissWritesOf(DiskRequest other) {
        boolean sameUnit = url.targetName().equals(other.url.targetName()) && url.lun() == other.url.lun();
        return !cache.isOff()
                && !other.readOnly
                && sameUnit
                && offsetBytes < other.endBytes()
                && other.offsetBytes < endBytes();
    }

    private long endBytes() {
        return lengthBytes == null ? Long.MAX_VALUE : offsetBytes + lengthBytes;
    }

    /** Names what is served, for people and for {@code list}: the same for the same request. */
    public String identifier() {
        boolean whole = offsetBytes == 0 && lengthBytes == null;
        return url + (whole ? "" : " bytes " + offsetBytes + "+" + (lengthBytes == null ? "" : lengthBytes));
    }

    private static CommandException outOfRange(String message) {
        return new CommandException(ExitCode.OUT_OF_RANGE, message);
    }
}
