package io.lunbridge.scsi;

/**
 * A logical unit number: eight bytes, kept and sent exactly as the target gave them (SAM-5 4.7).
 *
 * @param eightBytes the bytes in wire order, the first one most significant
 */
public record Lun(long eightBytes) {

    /** The largest number that {@link #ofNumber} takes: fourteen bits of flat space addressing. */
    public static final int MAX_NUMBER = 0x3fff;

    /** The well-known logical unit that answers REPORT LUNS where no LUN 0 exists (SPC-4 8.2). */
    public static final Lun WELL_KNOWN_REPORT_LUNS = new Lun(0xc101L << 48);

    private static final int PERIPHERAL_NUMBERS = 256;

    /**
     * The single-level LUN of a plain number: peripheral device addressing below 256, flat space addressing above, as
     * targets report them. A number written as a 64-bit integer would name another unit, and writes would be lost.
     */
    public static Lun ofNumber(int number) {
        if (number < 0 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("LUN " + number + " is not within 0 to " + MAX_NUMBER);
        }
        return new Lun((number < PERIPHERAL_NUMBERS ? number : 0x4000L | number) << 48);
    }

    /** The plain number if this is a single-level LUN of bus 0 or flat space, else -1. */
    public int number() {
        int firstLevel = (int) (eightBytes >>> 48);
        boolean deeper = eightBytes << 16 != 0;
        boolean flat = firstLevel >>> 14 == 1;
        boolean peripheral = firstLevel < PERIPHERAL_NUMBERS;
        return !deeper && (flat || peripheral) ? firstLevel & MAX_NUMBER : -1;
    }

    /** The plain number where there is one, else sixteen hexadecimal digits. */
    @Override
    public String toString() {
        int number = number();
        return number >= 0 ? Integer.toString(number) : String.format("0x%016x", eightBytes);
    }
}
