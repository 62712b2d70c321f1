package io.lunbridge.daemon;

import org.jspecify.annotations.Nullable;

/**
 * Which part of which LUN shall become a device.
 *
 * @param readOnly whether writes are refused here, whatever the LUN takes
 * @param offsetBytes where the part begins, a multiple of the LUN's block size
 * @param lengthBytes how long it is, a multiple of the LUN's block size; null for all up to the LUN's end
 */
public record DiskRequest(
        LunUrl url,
        boolean readOnly,
        long offsetBytes,
        @Nullable Long lengthBytes) {

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

    /** Names what is served, for people and for {@code list}: the same for the same request. */
    public String identifier() {
        boolean whole = offsetBytes == 0 && lengthBytes == null;
        return url + (whole ? "" : " bytes " + offsetBytes + "+" + (lengthBytes == null ? "" : lengthBytes));
    }

    private static CommandException outOfRange(String message) {
        return new CommandException(ExitCode.OUT_OF_RANGE, message);
    }
}
