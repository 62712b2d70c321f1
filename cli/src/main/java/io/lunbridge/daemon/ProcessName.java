package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the system calls this process: the name of its first thread, which is not one that Java shows. */
public final class ProcessName {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessName.class);

    private ProcessName() {}

    /** Sets what {@code /proc/PID/status}, ps and pidof show (CR-20). At most 15 characters. */
    public static void set(String name) {
        long pid = ProcessHandle.current().pid();
        try {
            var unused = Files.writeString(Path.of("/proc/self/task/" + pid + "/comm"), name);
        } catch (IOException e) {
            LOG.debug("this process is not shown as {}: {}", name, e.toString());
        }
    }
}
