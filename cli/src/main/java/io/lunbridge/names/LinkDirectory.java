package io.lunbridge.names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The symbolic links below {@code /dev/disk}, and those that are {@link SdNames}. For one thread at a time. */
final class LinkDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(LinkDirectory.class);

    /** Where links of ours are, and how they begin. */
    private static final Map<String, List<String>> OURS =
            Map.of("", List.of(SdNames.PREFIX), "disk/by-path", List.of("ip-"), "disk/by-id", List.of("scsi-", "wwn-"));

    private final Path dev;

    /** Links that stay with others, which is said once. */
    private final Set<String> left = new HashSet<>();

    /** @param dev {@code /dev}; another is for tests */
    LinkDirectory(Path dev) {
        this.dev = dev;
    }

    /** The links of our kind that lead to an nbd device, whoever made them, with that device's name. */
    Map<String, String> toNbd() {
        Map<String, String> links = new TreeMap<>();
        OURS.forEach((directory, prefixes) -> {
            for (String name : BlockDevices.names(dev.resolve(directory))) {
                String link = directory.isEmpty() ? name : directory + "/" + name;
                String target = prefixes.stream().anyMatch(name::startsWith) ? target(link) : null;
                if (target != null && BlockDevices.isNbd(target)) {
                    links.put(link, target);
                }
            }
        });
        return links;
    }

    /**
     * Lets a link lead to a device of ours, unless it leads to one of them already, or to somebody else's.
     *
     * @param ours the devices that have this name, the one to be preferred first
     */
    void point(String link, List<String> ours) {
        String target = target(link);
        if (target != null && ours.contains(target)) {
            return;
        }
        if (target == null && exists(link)) {
            leave(link, "no link to a device");
        } else if (target != null && !BlockDevices.isNbd(target) && Files.exists(dev.resolve(target))) {
            leave(link, "a link to " + target);
        } else {
            left.remove(link);
            make(link, ours.get(0));
        }
    }

    private void leave(String link, String what) {
        // Whoever has the disk's link has those of its partitions.
        if (left.add(link) && !link.matches(".*-part[0-9]+")) {
            LOG.warn("/dev/{} is there, and is {}, which is not ours: it stays so", link, what);
        }
    }

    void remove(String link) {
        try {
            boolean unused = Files.deleteIfExists(dev.resolve(link));
        } catch (IOException e) {
            LOG.warn("/dev/{} cannot be removed: {}", link, e.toString());
        }
    }

    /** There is a link at every moment: one that is replaced leads to the old device or the new. */
    private void make(String link, String device) {
        try {
            Path path = dev.resolve(link);
            Path directory = link.contains("/") ? dev.resolve(link.substring(0, link.lastIndexOf('/'))) : dev;
            var unused = Files.createDirectories(directory);
            Path temporary = directory.resolve(".lunbridge-" + device);
            boolean unusedLeftBehind = Files.deleteIfExists(temporary);
            var unusedLink = Files.createSymbolicLink(temporary, directory.relativize(dev.resolve(device)));
            var unusedMoved =
                    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | InvalidPathException e) {
            LOG.warn("/dev/{} cannot be made: {}", link, e.toString());
        }
    }

    private boolean exists(String link) {
        return Files.exists(dev.resolve(link), LinkOption.NOFOLLOW_LINKS);
    }

    /** The name of the device that a link leads to, whether it is there or not; null where there is no such link. */
    private @Nullable String target(String link) {
        try {
            Path path = dev.resolve(link);
            Path target = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
            return target.startsWith(dev) ? dev.relativize(target).toString() : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }
}
