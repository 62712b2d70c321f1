package io.lunbridge.nbd.kernel;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets what netlink cannot say, in the device's queue directory. A setting that this kernel lacks is left alone. */
final class QueueSettings {

    /** Large enough to make the cost of a request small, small enough to keep a queue full of them in bounds. */
    private static final int REQUEST_BYTES_MAX = 1 << 20;

    private static final int PAGE_BYTES = 4096;

    /** Of a discard that is given back; Linux 6.1 does not take its own larger value. */
    private static final int DISCARD_BYTES_MAX = 1 << 30;

    private static final Logger LOG = LoggerFactory.getLogger(QueueSettings.class);

    private final KernelFiles files;
    private final NbdDevice device;

    QueueSettings(KernelFiles files, NbdDevice device) {
        this.files = files;
        this.device = device;
    }

    /** May wait for requests in flight: newer kernels empty the queue before they change it. */
    void apply(Geometry geometry, int tickMillis) {
        // Kept from the device's previous user otherwise.
        applyTick(tickMillis);
        int requestBytes = Math.min(REQUEST_BYTES_MAX, geometry.maxTransferBytes());
        if (requestBytes >= PAGE_BYTES) {
            write("max_sectors_kb", Math.min(requestBytes / 1024, hardwareKib()));
        }
        // The target sorts for its own medium; sorting for it here costs time and knows less.
        write("scheduler", "none");
        if (write("rotational", geometry.has(Feature.ROTATIONAL) ? 1 : 0)) {
            // How long a read may take before writes are held back: the kernel's own choice for such a medium.
            write("wbt_lat_usec", -1);
        }
    }

    /** Whether the device takes discards just where the disk does, as far as it ever can. */
    boolean hasDiscardOf(Geometry geometry) {
        boolean possible = bytes("discard_max_hw_bytes") > 0;
        return (bytes("discard_max_bytes") > 0) == (possible && geometry.has(Feature.DISCARD));
    }

    /** A driver that was told of no discard at the attach takes none later either. */
    void applyDiscard(Geometry geometry) {
        if (!hasDiscardOf(geometry)) {
            write("discard_max_bytes", geometry.has(Feature.DISCARD) ? DISCARD_BYTES_MAX : 0);
        }
    }

    private long bytes(String setting) {
        String text = KernelFiles.read(path(setting));
        return text == null ? 0 : Long.parseLong(text);
    }

    /** How often the kernel looks at a request that is not answered yet. Holds for requests that begin after this. */
    void applyTick(int millis) {
        write("io_timeout", millis);
    }

    private int hardwareKib() {
        String kib = KernelFiles.read(path("max_hw_sectors_kb"));
        return kib == null ? Integer.MAX_VALUE : Integer.parseInt(kib);
    }

    /** True if it was another one before. What is right already is not written, as that too may empty the queue. */
    private boolean write(String setting, Object value) {
        String text = value.toString();
        String before = KernelFiles.read(path(setting));
        if (text.equals(before) || (before != null && before.contains("[" + text + "]"))) {
            return false;
        }
        try {
            Files.write(path(setting), text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            LOG.debug("{} keeps its {}", device, setting, e);
            return false;
        }
    }

    private Path path(String setting) {
        return files.sys(device, "queue/" + setting);
    }
}
