package io.lunbridge.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process must bring along from before the JVM started, as it is so for every thread then.
 *
 * @param procSelf {@code /proc/self}; another one is for tests
 */
record Protection(Path procSelf) {

    /** linux/prctl.h, since 5.6: this thread's allocations do not wait for writes to a disk. Inherited by threads and exec. */
    private static final int PR_GET_IO_FLUSHER = 58;

    private static final String NEVER_KILLED = "-1000";

    /** A phrase for each that is missing. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        String flusher = flusherProblem(Native.LIBC.prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0), Native.errno());
        if (flusher != null) {
            missing.add(flusher);
        }
        String score = score();
        if (!NEVER_KILLED.equals(score)) {
            missing.add("it may be killed when memory is out (oom_score_adj is " + score + ", not " + NEVER_KILLED
                    + "): start it by its unit or as root by its launcher");
        }
        return missing;
    }

    static @Nullable String flusherProblem(int result, int errno) {
        if (result == 1) {
            return null;
        }
        String wait = "it may wait for its own writes (IO_FLUSHER is not set): ";
        if (result == 0) {
            return wait + "start it by its launcher, and have perl or python3 installed";
        }
        return wait
                + (errno == Native.EPERM
                        ? "CAP_SYS_RESOURCE is missing"
                        : "this kernel has no such flag (5.6 or newer has), error " + errno);
    }

    private String score() {
        try {
            return Files.readString(procSelf.resolve("oom_score_adj")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
