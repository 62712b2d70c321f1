package io.lunbridge.host;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when this host begins to swap to a disk that this process serves. The kernel asks nobody before it does, so it
 * cannot be refused; and no userspace disk is safe to swap to, as the kernel's reserves of memory are not for it.
 */
final class SwapWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SwapWatch.class);
    private static final int INTERVAL_SECONDS = 30;

    private final Swaps swaps;
    private final Set<String> told = new HashSet<>();

    SwapWatch(Swaps swaps) {
        this.swaps = swaps;
    }

    /** Begins, on a thread of its own that does not keep the process alive. */
    static void start() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lunbridge-swaps");
            thread.setDaemon(true);
            return thread;
        });
        SwapWatch watch = new SwapWatch(new Swaps(Path.of("/")));
        var unused = timer.scheduleWithFixedDelay(watch::look, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** Tells of what is new, once, and forgets what is no more. Returns how many were told of. */
    int look() {
        Set<String> now = Set.copyOf(swaps.onOurDisks());
        told.retainAll(now);
        int before = told.size();
        for (String swap : now) {
            if (told.add(swap)) {
                LOG.error(
                        "this host swaps to {}, which is on a disk that it serves itself: out of memory it stops for"
                                + " ever; run 'swapoff {}' now",
                        swap,
                        swap);
            }
        }
        return told.size() - before;
    }
}
