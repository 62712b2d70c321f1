package io.lunbridge.names;

import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device manager of the host, where there is one and it takes names from us. Its database tells what it has done: the
 * entry of a device is written after the device's links are made.
 */
final class Udev {

    static final String RULES = "60-lunbridge.rules";

    /** For a host that is busy; usually it takes milliseconds. */
    static final long MAX_MILLIS = 10_000;

    private static final long POLL_MILLIS = 20;
    private static final Logger LOG = LoggerFactory.getLogger(Udev.class);

    private static final List<String> RULE_DIRECTORIES = List.of(
            "etc/udev/rules.d",
            "run/udev/rules.d",
            "usr/local/lib/udev/rules.d",
            "usr/lib/udev/rules.d",
            "lib/udev/rules.d");

    private final BlockDevices devices;
    private final Path names;
    private final Ticker ticker;

    /** @param names where the files are that the rules read, if they do */
    Udev(BlockDevices devices, Path names, Ticker ticker) {
        this.devices = devices;
        this.names = names;
        this.ticker = ticker;
    }

    /** Whether udev runs, has our rules, and these look where our files are. */
    boolean takesNames() {
        Path root = devices.root();
        return Files.exists(root.resolve("run/udev/control"))
                && RULE_DIRECTORIES.stream()
                        .anyMatch(directory ->
                                Files.exists(root.resolve(directory).resolve(RULES)))
                && isSame(root.resolve("run/lunbridge/names"), names);
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Lets udev look at a device and its partitions again, and waits until it has taken the names. Where it has them, the
     * device is left alone: udev would read from it, and what is behind it may not be back yet.
     */
    void take(String device, String backend) throws InterruptedException {
        Predicate<List<String>> named = entry -> entry.contains(mark(backend));
        if (isOnAll(device, named)) {
            return;
        }
        announce(device);
        if (!await(device, named)) {
            LOG.warn("udev has not named /dev/{} within {} ms", device, MAX_MILLIS);
        }
    }

    /** Lets udev look again, and waits until it has given the names up. */
    void giveUp(String device, String backend) throws InterruptedException {
        announce(device);
        if (!await(device, entry -> !entry.contains(mark(backend)))) {
            LOG.warn("udev still has names of /dev/{} after {} ms", device, MAX_MILLIS);
        }
    }

    private void announce(String device) {
        devices.withPartitions(device).forEach(devices::announce);
    }

    private static String mark(String backend) {
        return "E:" + NamesFiles.MARK + "=" + backend;
    }

    private boolean await(String device, Predicate<List<String>> condition) throws InterruptedException {
        long deadlineNanos = ticker.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_MILLIS);
        while (!isOnAll(device, condition)) {
            if (ticker.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            ticker.sleepMillis(POLL_MILLIS);
        }
        return true;
    }

    /** Partitions come and go meanwhile, so they are listed each time. */
    private boolean isOnAll(String device, Predicate<List<String>> condition) {
        return devices.withPartitions(device).stream().map(this::entry).allMatch(condition);
    }

    private List<String> entry(String device) {
        String number = devices.number(device);
        String text = number == null ? null : BlockDevices.read(devices.root().resolve("run/udev/data/b" + number));
        return text == null ? List.of() : text.lines().toList();
    }
}
