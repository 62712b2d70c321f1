package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ISIDs of this host's sessions, kept in files: a process that is killed and started again logs in with the same one,
 * and so ends the session that was left behind instead of adding another.
 *
 * <p>One file for each initiator, target, portal and number: two sessions that live at the same time must never have the
 * same ISID, for each login would end the other's session. So a number is taken by a lock, which the system takes back
 * when its holder dies, and whoever finds it taken uses the next one.
 */
final class IsidStore {

    /** Most sessions of this host with one target at one portal. */
    static final int MAX_SESSIONS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(IsidStore.class);

    /** The format "random" (RFC 7143 section 11.12.5): 24 random bits, then 16 bits of qualifier, random here as well. */
    private static final long RANDOM_TYPE = 0x80L << 40;

    private static final long RANDOM_BITS = (1L << 40) - 1;
    private static final int DIGITS = 12;
    private static final int NAME_CHARACTERS = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Locks are the process's: a second one within it has to be kept apart here. */
    private static final Set<Path> TAKEN = new HashSet<>();

    private final Path directory;

    IsidStore(Path directory) {
        this.directory = directory;
    }

    static IsidStore ofThisHost() {
        return new IsidStore(Root.ofThisHost().isids());
    }

    /** An ISID that nobody else has, and nobody will have again. */
    static long random() {
        return RANDOM_TYPE | (RANDOM.nextLong() & RANDOM_BITS);
    }

    /** A random one, and no file. */
    static Lease unkept() {
        return Lease.unkept(random());
    }

    /** What the ISIDs of a session with that target are kept under. */
    static String session(String initiatorName, String targetName, HostPort portal) {
        return initiatorName + "\n" + targetName + "\n" + portal + "\n";
    }

    /** An ISID that is this session's alone until the lease is closed or the process ends. Falls back to a random one. */
    Lease lease(String initiatorName, String targetName, HostPort portal) {
        String session = session(initiatorName, targetName, portal);
        try {
            Files.createDirectories(directory);
            for (int number = 0; number < MAX_SESSIONS; number++) {
                Lease lease = tryLease(session, number, null);
                if (lease != null) {
                    return lease;
                }
            }
            LOG.warn("{} sessions with {}: this one gets a random ISID", MAX_SESSIONS, targetName);
        } catch (IOException e) {
            LOG.warn(
                    "the ISID cannot be kept in {} ({}): if this process is killed, the target may hold on to its session"
                            + " for a while",
                    directory,
                    e.toString());
        }
        return unkept();
    }

    /**
     * The ISID that a session had before, whatever its file says by now; null while another process has it, or where that
     * cannot be known.
     */
    @Nullable
    Lease again(String session, int number, long isid) {
        if (number == SessionIdentity.UNKEPT) {
            return Lease.unkept(isid);
        }
        try {
            Files.createDirectories(directory);
            return tryLease(session, number, isid);
        } catch (IOException e) {
            LOG.warn("the ISID cannot be locked in {}: {}", directory, e.toString());
            return null;
        }
    }

    private @Nullable Lease tryLease(String session, int number, @Nullable Long wanted) throws IOException {
        Path file = directory.resolve(fileName(session) + "-" + number);
        synchronized (TAKEN) {
            if (!TAKEN.add(file)) {
                return null;
            }
        }
        FileChannel lockFile = null;
        boolean leased = false;
        try {
            lockFile = FileChannel.open(Path.of(file + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                return null;
            }
            Lease lease = new Lease(readOrMake(file, session, wanted), number, file, lockFile);
            leased = true;
            return lease;
        } finally {
            if (!leased) {
                release(file, lockFile);
            }
        }
    }

    private static void release(Path file, @Nullable FileChannel lockFile) {
        try {
            if (lockFile != null) {
                lockFile.close();
            }
        } catch (IOException e) {
            LOG.warn("{}: {}", file, e.toString());
        }
        synchronized (TAKEN) {
            TAKEN.remove(file);
        }
    }

    private static long readOrMake(Path file, String session, @Nullable Long wanted) throws IOException {
        if (Files.exists(file)) {
            String digits = Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            boolean whole = digits.matches("[0-9a-f]{" + DIGITS + "}");
            if (whole && (wanted == null || wanted == Long.parseLong(digits, 16))) {
                return Long.parseLong(digits, 16);
            }
            LOG.warn(
                    "{} holds {}; it gets {}",
                    file,
                    whole ? digits : "no ISID",
                    wanted == null ? "a new one" : "its own");
        }
        long isid = wanted == null ? random() : wanted;
        write(file, String.format("%0" + DIGITS + "x%n%s", isid, session));
        return isid;
    }

    /** Whole or not at all, also when the power goes. */
    private static void write(Path file, String content) throws IOException {
        Path temporary = Path.of(file + ".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        var unused = Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    private static String fileName(String session) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(session.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, NAME_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One session's ISID, for as long as it lives. */
    static final class Lease implements AutoCloseable {

        private final long isid;
        private final int number;
        private final @Nullable Path file;
        private final @Nullable FileChannel lockFile;

        private static Lease unkept(long isid) {
            return new Lease(isid, SessionIdentity.UNKEPT, null, null);
        }

        private Lease(long isid, int number, @Nullable Path file, @Nullable FileChannel lockFile) {
            this.isid = isid;
            this.number = number;
            this.file = file;
            this.lockFile = lockFile;
        }

        long isid() {
            return isid;
        }

        /** Which one of its session it is. */
        int number() {
            return number;
        }

        /** The session is over. */
        @Override
        public void close() {
            if (file != null) {
                release(file, lockFile);
            }
        }
    }
}
