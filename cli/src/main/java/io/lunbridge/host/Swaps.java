package io.lunbridge.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this host swaps to, and whether that lies on a disk that we serve, directly or below a file system or a device
 * mapper. Found without touching any of them.
 *
 * @param root {@code /}; another one is for tests
 */
record Swaps(Path root) {

    /** A device mapper on a device mapper on …; whoever goes deeper is not followed. */
    private static final int MAX_DEPTH = 8;

    private static final int MOUNTINFO_DEVICE = 2;
    private static final int MOUNTINFO_MOUNT_POINT = 4;

    /** The swap files and partitions, by their names, that lie on a disk of ours. */
    List<String> onOurDisks() {
        List<String> ours = new ArrayList<>();
        for (String line : lines("proc/swaps")) {
            String[] fields = line.split("\\s+", 3);
            if (fields[0].startsWith("/") && fields.length > 1 && isOurs(device(fields[0], fields[1]), MAX_DEPTH)) {
                ours.add(fields[0]);
            }
        }
        return ours;
    }

    /** The block device that a swap is or is on, as a directory of sysfs. */
    private Path device(String swap, String type) {
        String directory = type.equals("partition")
                ? "sys/class/block/" + swap.substring(swap.lastIndexOf('/') + 1)
                : fileSystem(swap);
        return root.resolve(directory);
    }

    /** The block device of the file system that a file is on: the one mounted nearest above it, and of those the last. */
    private String fileSystem(String file) {
        String nearest = "";
        String device = "sys/dev/block/none";
        for (String line : lines("proc/self/mountinfo")) {
            String[] fields = line.split(" ", MOUNTINFO_MOUNT_POINT + 2);
            if (fields.length <= MOUNTINFO_MOUNT_POINT) {
                continue;
            }
            String mountPoint = fields[MOUNTINFO_MOUNT_POINT];
            boolean above = Path.of(file).startsWith(mountPoint);
            if (above && mountPoint.length() >= nearest.length()) {
                nearest = mountPoint;
                device = "sys/dev/block/" + fields[MOUNTINFO_DEVICE];
            }
        }
        return device;
    }

    /** Whether a block device, a directory of sysfs, is an nbd device of ours, a partition of one, or lies on one. */
    private boolean isOurs(Path device, int depth) {
        if (depth == 0) {
            return false;
        }
        for (Path backend : List.of(device.resolve("backend"), device.resolve("../backend"))) {
            String identifier = lines(backend).findFirst().orElse("");
            if (identifier.startsWith("lunbridge-") || identifier.startsWith("iscsi:")) {
                return true;
            }
        }
        try (Stream<Path> slaves = Files.list(device.resolve("slaves"))) {
            return slaves.anyMatch(
                    slave -> isOurs(root.resolve("sys/class/block").resolve(slave.getFileName()), depth - 1));
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> lines(String file) {
        return lines(root.resolve(file)).toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readString(file).lines();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
