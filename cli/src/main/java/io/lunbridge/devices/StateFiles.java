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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of {@link DeviceState}s: {@code ID.json} each. A file is there whole or not at all, whenever the process
 * dies. Only its owner may read it, as it holds secrets.
 */
final class StateFiles {

    private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);

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

    /** @param directory made where it is missing */
    StateFiles(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory, OWNERS_DIRECTORY);
    }

    /** All that can be read. What cannot is put aside, with a line in the log. */
    List<DeviceState> read() throws IOException {
        List<DeviceState> states = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(UNFINISHED)) {
                    Files.deleteIfExists(file);
                } else if (name.endsWith(SUFFIX)) {
                    read(file, states);
                }
            }
        }
        return states;
    }

    private static void read(Path file, List<DeviceState> states) throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("it is too large");
            }
            Map<String, Object> map = JSON.std.mapFrom(Files.readString(file));
            if (map == null) {
                throw new IllegalArgumentException("it is empty");
            }
            DeviceState state = DeviceState.fromMap(map);
            if (!(state.id() + SUFFIX).equals(file.getFileName().toString())) {
                throw new IllegalArgumentException("it is of another device, " + state.id());
            }
            states.add(state);
        } catch (IOException | IllegalArgumentException | CommandException e) {
            Path aside = Path.of(file + DAMAGED);
            LOG.warn("the state of a device cannot be read and is put aside as {}: {}", aside, e.toString());
            var unused = Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Replaces the device's file. When this returns it is on the medium. */
    void write(DeviceState state) throws IOException {
        Path file = file(state.id());
        Path unfinished = Path.of(file + UNFINISHED);
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, OWNERS_FILE);
        // Not a channel: an interrupt would close it half way.
        try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
            out.write(JSON.std.asString(state.toMap()).getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
        }
        var unused = Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory();
    }

    /** Removes the device's file, if there is one. */
    void delete(String id) throws IOException {
        if (Files.deleteIfExists(file(id))) {
            forceDirectory();
        }
    }

    /** Keeps the device's file out of the next daemon's way, but keeps it. */
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
