package io.lunbridge.names;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's view of the nbd devices: {@code /sys/block}.
 *
 * @param root the root of the file system; another than / is for tests
 */
record BlockDevices(Path root) {

    private static final String WHOLE = "nbd[0-9]+";
    private static final String ANY = WHOLE + "(p[0-9]+)?";

    /** Whether a block device of that name, without a path, would be an nbd device or a partition of one. */
    static boolean isNbd(String name) {
        return name.matches(ANY);
    }

    /** The whole device that a partition is of. */
    static String whole(String name) {
        return name.replaceFirst("p[0-9]+$", "");
    }

    /** The connected whole devices in the order of their numbers, and their backend identifiers. */
    SortedMap<String, String> backends() {
        SortedMap<String, String> backends = new TreeMap<>((one, other) ->
                one.length() == other.length() ? one.compareTo(other) : Integer.compare(one.length(), other.length()));
        for (String name : names(root.resolve("sys/block"))) {
            String backend = name.matches(WHOLE) ? read(of(name).resolve("backend")) : null;
            if (backend != null) {
                backends.put(name, backend);
            }
        }
        return backends;
    }

    /** The names of a device's partitions by number. */
    SortedMap<Integer, String> partitions(String name) {
        SortedMap<Integer, String> partitions = new TreeMap<>();
        for (String entry : names(of(name))) {
            String number =
                    entry.startsWith(name + "p") ? read(of(name).resolve(entry).resolve("partition")) : null;
            if (number != null && number.matches("[0-9]{1,9}")) {
                partitions.put(Integer.parseInt(number), entry);
            }
        }
        return partitions;
    }

    /** The device and its partitions. */
    List<String> withPartitions(String name) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(partitions(name).values());
        return all;
    }

    /** {@code MAJOR:MINOR}, or null where there is no such device now. */
    @Nullable
    String number(String name) {
        return read(of(name).resolve("dev"));
    }

    /** Lets the kernel announce the device as changed. It may be gone by then. */
    void announce(String name) {
        try {
            var unused = Files.writeString(of(name).resolve("uevent"), "change");
        } catch (IOException e) {
            // Gone, which was announced as well, or a /sys that is read-only, which the wait for udev brings to light.
            return;
        }
    }

    /** A partition's directory is in that of its device. */
    private Path of(String name) {
        Path whole = root.resolve("sys/block").resolve(whole(name));
        return whole(name).equals(name) ? whole : whole.resolve(name);
    }

    static @Nullable String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return null;
        }
    }

    static List<String> names(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        names.sort(null);
        return names;
    }
}
