package io.lunbridge.host;

import java.util.Optional;

/**
 * Pages that the process has once used stay in memory: code, stacks and heap are never fetched from a disk, which may be
 * its own. Pages that it has not used are not fetched for it; the JVM reserves gigabytes that it never uses.
 */
final class MemoryLock {

    private static final int MCL_CURRENT = 1;
    private static final int MCL_FUTURE = 2;
    private static final int MCL_ONFAULT = 4;

    private MemoryLock() {}

    /** Locks what there is and what will be. Does not survive an exec, so a launcher cannot do it. Returns what is wrong. */
    static Optional<String> lockAll() {
        if (Native.LIBC.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0) {
            return Optional.empty();
        }
        int errno = Native.errno();
        String advice = errno == Native.EINVAL
                ? "this kernel cannot (4.4 or newer can)"
                : "raise the limit (LimitMEMLOCK=infinity, ulimit -l unlimited) or keep CAP_IPC_LOCK";
        return Optional.of("its memory cannot be locked (mlockall, error " + errno + "): " + advice);
    }
}
