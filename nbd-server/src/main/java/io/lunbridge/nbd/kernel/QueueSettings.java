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
        write("rotational", geometry.has(Feature.ROTATIONAL) ? 1 : 0);
        // How long a read may take before writes are held back: the kernel's own choice for such a medium.
        write("wbt_lat_usec", -1);
    }

    /** How often the kernel looks at a request that is not answered yet. Holds for requests that begin after this. */
    void applyTick(int millis) {
        write("io_timeout", millis);
    }

    private int hardwareKib() {
        String kib = KernelFiles.read(path("max_hw_sectors_kb"));
        return kib == null ? Integer.MAX_VALUE : Integer.parseInt(kib);
    }

    private void write(String setting, Object value) {
        try {
            byte[] text = value.toString().getBytes(StandardCharsets.US_ASCII);
            Files.write(path(setting), text, StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOG.debug("{} keeps its {}", device, setting, e);
        }
    }

    private Path path(String setting) {
        return files.sys(device, "queue/" + setting);
    }
}
