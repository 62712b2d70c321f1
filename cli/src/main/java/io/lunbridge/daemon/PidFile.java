package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file that tells other programs which process the daemon is (M-99). There for as long as the daemon lives. */
public final class PidFile {

    private final @Nullable Path file;

    private PidFile(@Nullable Path file) {
        this.file = file;
    }

    /** No file at all. */
    public static PidFile none() {
        return new PidFile(null);
    }

    /** Writes this process's number, over that of one that has died. Only one process is a daemon, so it is not locked. */
    public static PidFile write(Path file) throws CommandException {
        try {
            var unused = Files.writeString(file, ProcessHandle.current().pid() + "\n");
            return new PidFile(file);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.NOT_PERMITTED,
                    "the pid file " + file + " cannot be written (" + e + "); run it as root",
                    e);
        }
    }

    /** The daemon ends. */
    public void remove() throws IOException {
        if (file != null) {
            var unused = Files.deleteIfExists(file);
        }
    }
}
