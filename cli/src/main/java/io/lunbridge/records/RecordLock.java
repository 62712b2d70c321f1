package io.lunbridge.records;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may change the records (M-98, CR-35). The system takes the lock back from a holder that dies, whereas open-iscsi's,
 * a link that somebody has to remove, stays and blocks everybody.
 *
 * <p>Threads of one process take turns too. A thread that has the lock may take it again.
 */
final class RecordLock {

    static final int WAIT_SECONDS = 30;

    /** A file's lock is the process's: there is one of these for each file. */
    private static final Map<Path, RecordLock> ALL = new ConcurrentHashMap<>();

    private final ReentrantLock threads = new ReentrantLock(true);
    private final Path directory;
    private @Nullable FileLock held;

    private RecordLock(Path directory) {
        this.directory = directory;
    }

    /** The one in this directory, which need not be there. */
    static RecordLock in(Path directory) {
        return ALL.computeIfAbsent(directory.toAbsolutePath().normalize(), RecordLock::new);
    }

    /** Waits for the lock, or fails after so long. */
    void take(int waitSeconds) throws RecordFailure {
        boolean taken = false;
        try {
            if (!threads.tryLock(waitSeconds, TimeUnit.SECONDS)) {
                throw timeout();
            }
            if (threads.getHoldCount() == 1) {
                held = lockFile(waitSeconds);
            }
            taken = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RecordFailure.database("Interrupted while waiting for the lock " + file());
        } finally {
            if (!taken && threads.isHeldByCurrentThread()) {
                threads.unlock();
            }
        }
    }

    void release() throws RecordFailure {
        try {
            FileLock lock = held;
            if (threads.getHoldCount() == 1 && lock != null) {
                held = null;
                lock.channel().close();
            }
        } catch (IOException e) {
            throw RecordFailure.database("Could not give back the lock " + file() + ": " + e.getMessage());
        } finally {
            threads.unlock();
        }
    }

    private FileLock lockFile(int waitSeconds) throws RecordFailure {
        FileLock lock = null;
        FileChannel channel = open();
        try {
            lock = channel.tryLock();
            if (lock == null) {
                lock = waitFor(channel, waitSeconds);
            }
            return lock;
        } catch (IOException e) {
            throw RecordFailure.database("Could not lock " + file() + ": " + e.getMessage());
        } finally {
            if (lock == null) {
                close(channel);
            }
        }
    }

    private FileChannel open() throws RecordFailure {
        try {
            if (!directory.toFile().isDirectory()) {
                Files.createDirectories(directory, RecordFiles.OWNERS_DIRECTORY);
            }
            return FileChannel.open(
                    file(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), RecordFiles.OWNERS_FILE);
        } catch (IOException e) {
            throw RecordFailure.database("Could not open/create lock file: " + file());
        }
    }

    /** The system wakes whoever has waited longest; a thread sees to it that nobody waits for ever. */
    private FileLock waitFor(FileChannel channel, int waitSeconds) throws IOException, RecordFailure {
        try (TimeLimit limit = new TimeLimit(waitSeconds)) {
            try {
                return channel.lock();
            } catch (FileLockInterruptionException e) {
                if (limit.isOver()) {
                    throw timeout();
                }
                throw e;
            }
        }
    }

    private static void close(FileChannel channel) throws RecordFailure {
        try {
            channel.close();
        } catch (IOException e) {
            throw RecordFailure.database(String.valueOf(e.getMessage()));
        }
    }

    private Path file() {
        return directory.resolve("lock");
    }

    private RecordFailure timeout() {
        return RecordFailure.database("Timeout on acquiring lock on DB: " + file());
    }
}
