package io.lunbridge.host;

import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the process fit to serve a disk that its own host writes back to, as far as the host lets it. */
public final class Hardening {

    private static final Logger LOG = LoggerFactory.getLogger(Hardening.class);
    private static final Path PROC_SELF = Path.of("/proc/self");

    private Hardening() {}

    /**
     * Keeps the process in memory, takes the memory for buffers, and logs a line for each protection that is missing.
     * From then on tells when the host swaps to a disk of ours. Never fails. Blocking, some tens of milliseconds; called once, when everything is set up and nothing is served yet.
     */
    public static void apply() {
        MemoryLock.lockAll().ifPresent(Hardening::warn);
        CodeFiles.load(System.getProperty("java.class.path", ""));
        BufferMemory.take();
        missing().forEach(Hardening::warn);
        SwapWatch.start();
    }

    /** The files and partitions on disks of ours that this host swaps to, by their names. No userspace disk is safe for that. */
    public static List<String> swapsOnOurDisks() {
        return new Swaps(Path.of("/")).onOurDisks();
    }

    /** What the launcher should have done and did not, or could not: a phrase for each. */
    static List<String> missing() {
        return new Protection(PROC_SELF).missing();
    }

    private static void warn(String missing) {
        LOG.warn("short of memory, this host may stop its own disk: {}", missing);
    }
}
