package io.lunbridge.nbd.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What keeps a device from being detached: those who use it or one of its partitions. */
final class DeviceUse {

    private static final int MOUNTINFO_DEVICE = 2;
    private static final int MOUNTINFO_MOUNT_POINT = 4;

    private final KernelFiles files;
    private final NbdDevice device;
    private final List<String> reasons = new ArrayList<>();

    private DeviceUse(KernelFiles files, NbdDevice device) {
        this.files = files;
        this.device = device;
    }

    /** Mounts, swap and devices on top, each as a phrase that follows the device's name; none if it is idle. */
    static List<String> of(KernelFiles files, NbdDevice device) {
        DeviceUse use = new DeviceUse(files, device);
        Map<String, String> numbers = use.deviceNumbers();
        use.addMounts(numbers);
        use.addSwaps();
        for (String part : numbers.values()) {
            use.addHolders(part);
        }
        return use.reasons;
    }

    /** The processes that have it open; not this one, and not the one that holds the device by ioctl. */
    static List<String> openers(KernelFiles files, NbdDevice device) {
        return DeviceOpeners.find(files, device).stream()
                .map(process -> "is open in process " + process)
                .toList();
    }

    /** "major:minor" to name, of the device and its partitions. */
    private Map<String, String> deviceNumbers() {
        Map<String, String> numbers = new LinkedHashMap<>();
        Path directory = files.sys(device, "");
        putNumber(numbers, directory, device.name());
        for (String part : KernelFiles.names(directory)) {
            if (device.owns(part)) {
                putNumber(numbers, directory.resolve(part), part);
            }
        }
        return numbers;
    }

    private static void putNumber(Map<String, String> numbers, Path directory, String name) {
        String number = KernelFiles.read(directory.resolve("dev"));
        if (number != null) {
            numbers.put(number, name);
        }
    }

    /** By number, and by source too: btrfs mounts carry a number of their own. */
    private void addMounts(Map<String, String> numbers) {
        for (String line : KernelFiles.lines(files.proc("self/mountinfo"))) {
            String[] fields = line.split(" ", -1);
            int separator = List.of(fields).indexOf("-");
            if (separator < 0 || fields.length <= separator + 2 || fields.length <= MOUNTINFO_MOUNT_POINT) {
                continue;
            }
            String source = fields[separator + 2];
            if (numbers.containsKey(fields[MOUNTINFO_DEVICE]) || isOurs(source)) {
                reasons.add("is mounted on " + unescape(fields[MOUNTINFO_MOUNT_POINT]));
            }
        }
    }

    private void addSwaps() {
        for (String line : KernelFiles.lines(files.proc("swaps"))) {
            if (isOurs(line.split("\\s+", 2)[0])) {
                reasons.add("is swapped on");
            }
        }
    }

    private void addHolders(String part) {
        Path directory = files.sys(device, part.equals(device.name()) ? "holders" : part + "/holders");
        for (String holder : KernelFiles.names(directory)) {
            reasons.add("is held by " + holder);
        }
    }

    private boolean isOurs(String path) {
        return path.startsWith("/dev/") && device.owns(path.substring("/dev/".length()));
    }

    /** The kernel writes space, tab, newline and backslash as three octal digits. */
    private static String unescape(String field) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(field.charAt(i));
            }
        }
        return text.toString();
    }
}
