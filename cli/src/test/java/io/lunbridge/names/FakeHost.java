package io.lunbridge.names;

import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that looks like a host's /sys, /dev and /run/udev. Its time passes while somebody sleeps, and while they do
 * a udev looks after what was announced, if one runs.
 */
final class FakeHost implements Ticker {

    private static final String RULES = "lib/udev/rules.d/60-lunbridge.rules";

    private final Path root;
    private long nowNanos;
    private @Nullable Runnable udev;

    FakeHost(Path root) {
        this.root = root;
        directory("sys/block");
        directory("dev");
    }

    DeviceLinks links() {
        return new DeviceLinks(names(), root, this, false);
    }

    /** Of a daemon whose devices have second names. */
    DeviceLinks linksWithSdNames() {
        return new DeviceLinks(names(), root, this, true);
    }

    Path names() {
        return root.resolve("run/lunbridge/names");
    }

    /** A connected nbd device with partitions 1 to so many. */
    FakeHost device(String name, String backend, int partitions) {
        node(name);
        file("sys/block/" + name + "/backend", backend + "\n");
        for (int number = 1; number <= partitions; number++) {
            node(name + "p" + number);
            file("sys/block/" + name + "/" + name + "p" + number + "/partition", number + "\n");
        }
        return this;
    }

    /** What the kernel leaves of a device that is disconnected. */
    FakeHost disconnected(String name) {
        delete("sys/block/" + name + "/backend");
        Path device = root.resolve("sys/block/" + name);
        for (String partition : BlockDevices.names(device)) {
            if (partition.startsWith(name + "p")) {
                delete("sys/block/" + name + "/" + partition + "/partition");
                delete("dev/" + partition);
            }
        }
        return this;
    }

    /** A block device; its number is made up from its name. */
    FakeHost node(String name) {
        String directory = "sys/block/" + BlockDevices.whole(name);
        String own = BlockDevices.whole(name).equals(name) ? directory : directory + "/" + name;
        file(own + "/dev", number(name) + "\n");
        file(own + "/uevent", "");
        return file("dev/" + name, "");
    }

    private static String number(String name) {
        return "43:" + Math.abs(name.hashCode() % 1000);
    }

    /** udev runs, and takes a name as soon as a device is announced; or never does. */
    FakeHost withUdev(boolean working) {
        file("run/udev/control", "");
        file(RULES, "");
        udev = working ? this::handleAnnounced : () -> {};
        return this;
    }

    private void handleAnnounced() {
        try (Stream<Path> files = Files.walk(root.resolve("sys/block"))) {
            for (Path file : files.filter(path -> path.endsWith("uevent")).toList()) {
                if (Files.readString(file).equals("change")) {
                    handle(Objects.requireNonNull(file.getParent()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The links themselves are left to the code that is tested. */
    private void handle(Path device) throws IOException {
        String name = device.getFileName().toString();
        String backend = BlockDevices.read(root.resolve("sys/block/" + BlockDevices.whole(name) + "/backend"));
        boolean named = backend != null && Files.exists(names().resolve(backend));
        file("run/udev/data/b" + number(name), named ? "I:1\nE:LUNBRIDGE_BACKEND=" + backend + "\n" : "I:1\n");
        var unused = Files.writeString(device.resolve("uevent"), "");
    }

    /** Whether a device waits for udev to look at it. */
    boolean announced(String name) {
        return "change".equals(BlockDevices.read(root.resolve("sys/block/" + name + "/uevent")));
    }

    FakeHost link(String link, String target) {
        directory("dev/" + link + "/..");
        try {
            var unused = Files.createSymbolicLink(root.resolve("dev").resolve(link), Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** All links below /dev/disk and where they lead. */
    Map<String, String> allLinks() {
        Map<String, String> links = new TreeMap<>();
        for (String directory : List.of("disk/by-path", "disk/by-id")) {
            for (String name : BlockDevices.names(root.resolve("dev").resolve(directory))) {
                Path link = root.resolve("dev").resolve(directory).resolve(name);
                try {
                    links.put(
                            directory + "/" + name,
                            Files.isSymbolicLink(link)
                                    ? Files.readSymbolicLink(link).toString()
                                    : "no link");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return links;
    }

    boolean exists(String file) {
        return Files.exists(root.resolve(file), LinkOption.NOFOLLOW_LINKS);
    }

    FakeHost delete(String file) {
        try {
            boolean unused = Files.deleteIfExists(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    FakeHost file(String name, String content) {
        directory(name + "/..");
        try {
            var unused = Files.writeString(root.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private void directory(String name) {
        try {
            Path path = root.resolve(name).normalize();
            var unused = Files.createDirectories(path.startsWith(root) ? path : root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long passedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos);
    }

    @Override
    public long initialNanoTime() {
        return 0;
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
        nowNanos += unit.toNanos(delay);
        if (udev != null) {
            udev.run();
        }
    }
}
