package io.lunbridge.nbd.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the kernel shows itself in the file system. Another root than / is for tests. */
record KernelFiles(Path root) {

    static final KernelFiles OF_THIS_HOST = new KernelFiles(Path.of("/"));

    /** {@code /sys/block/nbdN/…} */
    Path sys(NbdDevice device, String file) {
        return root.resolve("sys/block").resolve(device.name()).resolve(file);
    }

    Path proc(String file) {
        return root.resolve("proc").resolve(file);
    }

    Path of(String file) {
        return root.resolve(file);
    }

    /** Whether somebody has a connection configured on the device, dead or alive. */
    boolean isConfigured(NbdDevice device) {
        return Files.exists(sys(device, "pid"));
    }

    boolean hasNode(NbdDevice device) {
        return Files.exists(of("dev/" + device.name()));
    }

    boolean isReadOnly(NbdDevice device) {
        return "1".equals(read(sys(device, "ro")));
    }

    /** The size that the kernel gives the device; 0 for none, also where there is no such device. */
    long sizeBytes(NbdDevice device) {
        String sectors = read(sys(device, "size"));
        return sectors == null ? 0 : Long.parseLong(sectors) * 512;
    }

    /** The whole nbd devices that exist, by number. */
    List<NbdDevice> devices() {
        List<NbdDevice> devices = new ArrayList<>();
        for (String name : names(root.resolve("sys/block"))) {
            if (name.matches("nbd[0-9]{1,6}")) {
                devices.add(new NbdDevice(Integer.parseInt(name.substring(3))));
            }
        }
        devices.sort(null);
        return devices;
    }

    /** A small file's trimmed text, or null if it cannot be read. */
    static @Nullable String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return null;
        }
    }

    /** The lines of a file, none if it cannot be read. */
    static List<String> lines(Path file) {
        String text = read(file);
        return text == null ? List.of() : text.lines().toList();
    }

    /** The names in a directory, none if it cannot be read. */
    static List<String> names(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException e) {
            return List.of();
        }
        return names;
    }
}
