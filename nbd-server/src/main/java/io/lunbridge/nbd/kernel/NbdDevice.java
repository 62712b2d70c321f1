package io.lunbridge.nbd.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the kernel's nbd devices, which need not exist yet.
 *
 * @param index the N of /dev/nbdN, 0 or more
 */
public record NbdDevice(int index) implements Comparable<NbdDevice> {

    /** Minor numbers have 20 bits, and a device takes at least one. */
    private static final int INDEX_MAX = (1 << 20) - 1;

    private static final Pattern NAME = Pattern.compile("(?:/dev/)?nbd(0|[1-9][0-9]{0,6})");

    public NbdDevice {
        if (index < 0 || index > INDEX_MAX) {
            throw new IllegalArgumentException("nbd device number " + index);
        }
    }

    /**
     * Reads {@code /dev/nbdN} or {@code nbdN}.
     *
     * @throws KernelException of kind {@link KernelException.Kind#BAD_DEVICE} for anything else
     */
    public static NbdDevice parse(String name) throws KernelException {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > INDEX_MAX) {
            throw KernelException.Kind.BAD_DEVICE.because(
                    "'" + name + "' is not an nbd device; name a whole one, such as /dev/nbd0");
        }
        return new NbdDevice(Integer.parseInt(matcher.group(1)));
    }

    /** {@code nbdN}, as sysfs calls it. */
    public String name() {
        return "nbd" + index;
    }

    /** {@code /dev/nbdN}. */
    public String path() {
        return "/dev/" + name();
    }

    /** Whether {@code blockDevice} (without a path) is this device or one of its partitions. */
    boolean owns(String blockDevice) {
        return blockDevice.equals(name()) || blockDevice.matches(name() + "p[0-9]+");
    }

    @Override
    public int compareTo(NbdDevice other) {
        return Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return path();
    }
}
