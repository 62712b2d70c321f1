package io.lunbridge.devices;

import com.fasterxml.jackson.jr.ob.JSON;
import io.lunbridge.daemon.CommandException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of what the next process has to know: {@code ID.json} each, a JSON object. A file is there whole or not at
 * all, whenever the process dies. Only its owner may read it, as it holds secrets. The files of one ID are written and
 * read by one thread at a time.
 */
public final class JsonFiles {

    private static final Logger LOG = LoggerFactory.getLogger(JsonFiles.class);

    private static final String SUFFIX = ".json";
    private static final String UNFINISHED = ".new";

    /** What nobody could read is kept under another name, for whoever wants to know why. */
    private static final String DAMAGED = ".damaged";

    private static final int MAX_BYTES = 64 << 10;
    private static final FileAttribute<?> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNERS_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path directory;

    /** Takes what a file holds. */
    public interface Taker {

        /**
         * Called for each file.
         *
         * @throws CommandException or an IllegalArgumentException if it holds nothing of use
         */
        void take(String id, Map<String, Object> content) throws CommandException;
    }

    /** @param directory made where it is missing */
    public JsonFiles(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory, OWNERS_DIRECTORY);
    }

    /** Hands over all that can be read. What cannot is put aside, with a line in the log. */
    public void read(Taker taker) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(UNFINISHED)) {
                    Files.deleteIfExists(file);
                } else if (name.endsWith(SUFFIX)) {
                    read(file, name.substring(0, name.length() - SUFFIX.length()), taker);
                }
            }
        }
    }

    private static void read(Path file, String id, Taker taker) throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("it is too large");
            }
            Map<String, Object> map = JSON.std.mapFrom(Files.readString(file));
            if (map == null) {
                throw new IllegalArgumentException("it is empty");
            }
            taker.take(id, map);
        } catch (IOException | IllegalArgumentException | CommandException e) {
            Path aside = Path.of(file + DAMAGED);
            LOG.warn("a state file cannot be read and is put aside as {}: {}", aside, e.toString());
            var unused = Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Replaces the file of that ID. When this returns it is on the medium. */
    public void write(String id, Map<String, Object> content) throws IOException {
        Path file = file(id);
        Path unfinished = Path.of(file + UNFINISHED);
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, OWNERS_FILE);
        // Not a channel: an interrupt would close it half way.
        try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
            out.write(JSON.std.asString(content).getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
        var unused = Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory();
    }

    /** Removes the file of that ID, if there is one. */
    public void delete(String id) throws IOException {
        if (Files.deleteIfExists(file(id))) {
            forceDirectory();
        }
    }

    /** Keeps the file of that ID out of the next daemon's way, but keeps it. */
    void putAside(String id) throws IOException {
        Path file = file(id);
        var unused = Files.move(file, Path.of(file + DAMAGED), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(String id) {
        return directory.resolve(id + SUFFIX);
    }

    private void forceDirectory() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
