package io.lunbridge.records;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Files that are there whole or not at all, whenever the process dies; for their owner alone, as they hold secrets. */
final class RecordFiles {

    static final FileAttribute<Set<PosixFilePermission>> OWNERS_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Only the holder of the lock writes, so one name is enough and nothing piles up when it dies. */
    private static final String UNFINISHED = ".lunbridge.new";

    private RecordFiles() {}

    /**
     * Replaces a file and makes the directories it is in. When this returns it is on the medium.
     *
     * @param database where the unfinished file is: not beside the record, where open-iscsi would take it for one
     */
    static void replace(Path database, Path file, String text) throws IOException {
        Path directory = parent(file);
        makeDirectories(directory);
        try {
            write(database.resolve(UNFINISHED), file, text);
        } catch (AtomicMoveNotSupportedException e) {
            // The records are on another file system than their root.
            write(directory.resolve(UNFINISHED), file, text);
        }
        force(directory);
    }

    private static void write(Path unfinished, Path file, String text) throws IOException {
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, OWNERS_FILE);
        boolean moved = false;
        try {
            // Not a channel: an interrupt would close it half way.
            try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.getFD().sync();
            }
            var unused = Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            moved = true;
        } finally {
            if (!moved) {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    static void makeDirectories(Path directory) throws IOException {
        if (!directory.toFile().isDirectory()) {
            Files.createDirectories(directory, OWNERS_DIRECTORY);
        }
    }

    /** Makes a link, in place of one that leads elsewhere. */
    static void link(Path link, Path target) throws IOException {
        makeDirectories(parent(link));
        if (Files.isSymbolicLink(link)) {
            if (Files.readSymbolicLink(link).equals(target)) {
                return;
            }
            Files.delete(link);
        }
        Files.createSymbolicLink(link, target);
    }

    /** Removes a file, and says whether there was one. */
    static boolean delete(Path file) throws IOException {
        boolean deleted = Files.deleteIfExists(file);
        if (deleted) {
            force(parent(file));
        }
        return deleted;
    }

    /** Removes a directory if nothing is in it. */
    static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // Others are in it.
        }
    }

    /** The names in a directory in the order of their bytes; none where there is no such directory. */
    static List<String> names(Path directory) {
        String[] names = new File(directory.toString()).list();
        if (names == null) {
            return List.of();
        }
        Arrays.sort(names);
        return Arrays.asList(names);
    }

    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** What went wrong, in the system's words where it has some. */
    static String sentence(IOException failure) {
        String reason = failure instanceof FileSystemException f ? f.getReason() : failure.getMessage();
        if (failure instanceof AccessDeniedException) {
            reason = "Permission denied";
        } else if (failure instanceof NoSuchFileException) {
            reason = "No such file or directory";
        } else if (failure instanceof FileAlreadyExistsException) {
            reason = "File exists";
        }
        String file = failure instanceof FileSystemException f ? f.getFile() : null;
        return (file == null ? "" : file + ": ") + (reason == null ? failure.toString() : reason);
    }

    private static Path parent(Path file) throws NoSuchFileException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new NoSuchFileException(file.toString());
        }
        return parent;
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
