package io.lunbridge.names;

import io.lunbridge.nbd.kernel.NbdDevice;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sees to it that a device has its names while it is attached, and only then. Around an attach: {@link #prepare} before
 * the kernel is given the device, {@link #appeared} after; around a detach: {@link #gone} after the kernel has given it
 * up. {@link #reconcile} once at a start, for what a killed process has left behind.
 *
 * <p>A device is known by its backend identifier, which the kernel keeps (so it survives us), and has its names from the
 * file of that identifier. Where two devices have a name, as the LUN's own by two portals, the link stays with the one
 * that has it, and goes to another of ours when that one goes. A link that leads to somebody else's device stays. Under
 * udev both hold by its {@code link_priority}, except that among devices of ours the last one has the link.
 *
 * <p>For threads that may block; several at once. Nothing is thrown because of a link: what cannot be made is logged.
 */
public final class DeviceLinks {

    /** How the backend identifiers of devices with names begin: the udev rules look for it. */
    public static final String BACKEND_PREFIX = "lunbridge-";

    private final NamesFiles files;
    private final BlockDevices devices;
    private final LinkDirectory links;
    private final Udev udev;
    private final boolean sdNames;

    /** @param names the directory for the files, made when it is needed */
    public DeviceLinks(Path names) {
        this(names, Path.of("/"), Ticker.systemTicker(), SdNames.areWanted());
    }

    /**
     * @param root of the file system, for tests
     * @param sdNames whether devices have {@link SdNames} too
     */
    DeviceLinks(Path names, Path root, Ticker ticker, boolean sdNames) {
        this.sdNames = sdNames;
        files = new NamesFiles(names);
        devices = new BlockDevices(root);
        links = new LinkDirectory(root.resolve("dev"));
        udev = new Udev(devices, names, ticker);
    }

    /**
     * Before the kernel has the device: writes its names where udev will look for them.
     *
     * @param backend the backend identifier that the device will have: {@link #BACKEND_PREFIX}, then letters and digits;
     *     with any other, the device's links are made without udev
     */
    public void prepare(String backend, DeviceNames names) throws IOException {
        files.write(backend, sdNames ? names.with(SdNames.PROPERTY, "1") : names);
    }

    /**
     * The device is attached, or attached again, or has other partitions than before. Returns when its links are there,
     * which may take some seconds where udev is busy.
     */
    public void appeared(String backend, NbdDevice device) throws InterruptedException {
        if (udevTakes(backend)) {
            udev.take(device.name(), backend);
        }
        settle();
    }

    /** The device is detached, or was never attached. Returns when its links are gone or lead to another device. */
    public void gone(String backend, NbdDevice device) throws InterruptedException {
        if (isAnothers(backend, device)) {
            settle();
            return;
        }
        files.remove(backend);
        if (udevTakes(backend)) {
            udev.giveUp(device.name(), backend);
        }
        settle(Set.of(backend));
    }

    private boolean udevTakes(String backend) {
        return backend.startsWith(BACKEND_PREFIX) && udev.takesNames();
    }

    /** Where the identifier tells the LUN, two devices may have the same. */
    private boolean isAnothers(String backend, NbdDevice device) {
        return devices.backends().entrySet().stream()
                .anyMatch(entry ->
                        entry.getValue().equals(backend) && !entry.getKey().equals(device.name()));
    }

    /** The attach that was prepared for has failed. */
    public void abandon(String backend) {
        files.remove(backend);
    }

    /**
     * Removes files and links of devices that are gone.
     *
     * @param keep backend identifiers whose devices are about to be attached
     */
    public void reconcile(Set<String> keep) {
        Set<String> attached = Set.copyOf(devices.backends().values());
        for (String backend : files.readAll().keySet()) {
            if (!attached.contains(backend) && !keep.contains(backend)) {
                files.remove(backend);
            }
        }
        settle();
    }

    /**
     * Makes the links be as the devices are now, partitions included. Reads a few small files; for where no udev runs,
     * after anybody may have changed a partition table.
     */
    public void settle() {
        settle(Set.of());
    }

    /** @param dead identifiers of devices that are given up but still held open by somebody */
    private synchronized void settle(Set<String> dead) {
        Map<String, DeviceNames> names = files.readAll();
        SortedMap<String, String> backends = devices.backends();
        SortedMap<String, List<String>> wanted = new TreeMap<>();
        Set<String> others = new TreeSet<>();
        backends.forEach((device, backend) -> {
            DeviceNames known = names.get(backend);
            if (known != null) {
                addLinks(device, known, wanted);
            } else if (backend.startsWith(BACKEND_PREFIX) && !dead.contains(backend)) {
                // Another process's, which keeps its files elsewhere.
                others.add(device);
            }
        });
        links.toNbd().forEach((link, target) -> {
            if (!wanted.containsKey(link) && !others.contains(BlockDevices.whole(target))) {
                links.remove(link);
            }
        });
        wanted.forEach(links::point);
    }

    private void addLinks(String device, DeviceNames names, Map<String, List<String>> wanted) {
        if (names.properties().containsKey(SdNames.PROPERTY)) {
            for (String each : devices.withPartitions(device)) {
                if (!SdNames.of(each).equals(each)) {
                    wanted.put(SdNames.of(each), List.of(each));
                }
            }
        }
        names.links()
                .forEach(link ->
                        wanted.computeIfAbsent(link, any -> new ArrayList<>()).add(device));
        devices.partitions(device)
                .forEach((number, partition) -> names.links(number)
                        .forEach(link -> wanted.computeIfAbsent(link, any -> new ArrayList<>())
                                .add(partition)));
    }
}
