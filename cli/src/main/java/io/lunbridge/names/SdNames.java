package io.lunbridge.names;

/**
 * Second names of devices, as the kernel's SCSI disks have them, for clients that know no others or take the digits off a
 * name (CR-33). Only where they are asked for: {@code LUNBRIDGE_SD_NAMES=1}. {@code nbd0} is {@code sdnaa}, its first
 * partition {@code sdnaa1}; the kernel itself would come to such a name with its 9465th disk.
 */
public final class SdNames {

    /** Tells in a device's file of names that it has a second one. */
    static final String PROPERTY = "LUNBRIDGE_SD_NAME";

    /** How they begin. */
    static final String PREFIX = "sdn";

    private static final String OPTION = "LUNBRIDGE_SD_NAMES";
    private static final int LETTERS = 26;

    private SdNames() {}

    /** Whether this process's environment asks for them. */
    public static boolean areWanted() {
        return "1".equals(System.getenv(OPTION));
    }

    /**
     * The second name of a device, or of a partition of one. There are 676; devices beyond have none but their own.
     *
     * @param device {@code nbdN} or {@code nbdNpM}
     */
    public static String of(String device) {
        String whole = BlockDevices.whole(device);
        String partition = whole.equals(device) ? "" : device.substring(whole.length() + 1);
        int number = Integer.parseInt(whole.substring("nbd".length()));
        if (number >= LETTERS * LETTERS) {
            return device;
        }
        return PREFIX + (char) ('a' + number / LETTERS) + (char) ('a' + number % LETTERS) + partition;
    }
}
