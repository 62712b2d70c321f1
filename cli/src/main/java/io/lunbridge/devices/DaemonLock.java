package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The place of this host's only daemon. The system takes it back when its holder dies. */
final class DaemonLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DaemonLock.class);

    private final FileChannel channel;

    private DaemonLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the place, in a directory that is there. */
    static DaemonLock take(Path file) throws CommandException, IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean taken = false;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} is held by this very process", file);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new CommandException(
                    ExitCode.BUSY, "a lunbridge daemon runs already (it holds " + file + "); stop that one first");
        }
        return new DaemonLock(channel);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("the daemon's lock: {}", e.toString());
        }
    }
}
