package io.lunbridge.nbd.handshake;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file by which a Unix socket is found.
 *
 * <p>The socket is bound inside a private directory beside its place, gets mode 0600 there, and is then linked to its
 * place: so there is no moment at which another user could connect. A file left behind by a server that died is
 * replaced; one at which a server answers is not, nor anything else that is not a socket.
 */
public final class UnixSocketFile {

    /** What {@code sun_path} holds beside its final NUL. */
    private static final int PATH_BYTES_MAX = 107;

    private final Path path;
    private final Path directory;
    private @Nullable Object fileKey;

    private UnixSocketFile(Path path, Path directory) {
        this.path = path;
        this.directory = directory;
    }

    /**
     * Makes sure that the place is free. Connects to a socket that is there, so not for an event loop.
     *
     * @throws IOException with a message for people, if the place cannot be had
     */
    public static UnixSocketFile prepare(Path path) throws IOException {
        Path place = path.toAbsolutePath();
        requireFree(place);
        Path parent = place.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new FileSystemException(place.toString(), null, "its directory does not exist");
        }
        Path directory = Files.createTempDirectory(parent, ".");
        UnixSocketFile file = new UnixSocketFile(place, directory);
        if (length(place) > PATH_BYTES_MAX || length(file.bindPath()) > PATH_BYTES_MAX) {
            Files.delete(directory);
            throw new FileSystemException(place.toString(), null, "too long for a socket's path");
        }
        return file;
    }

    /** Where to bind. */
    public Path bindPath() {
        return directory.resolve("s");
    }

    /** Where clients connect. */
    Path path() {
        return path;
    }

    /** Moves the bound socket to its place. */
    public void publish() throws IOException {
        Files.setPosixFilePermissions(bindPath(), PosixFilePermissions.fromString("rw-------"));
        fileKey = fileKeyOf(bindPath());
        Files.createLink(path, bindPath()); // unlike a move it fails if somebody has come first
        Files.delete(bindPath());
        Files.delete(directory);
    }

    /** Removes what was made, unless another server has meanwhile put its own socket there. */
    public void remove() throws IOException {
        Files.deleteIfExists(bindPath());
        Files.deleteIfExists(directory);
        if (fileKey != null && fileKey.equals(fileKeyOf(path))) {
            Files.deleteIfExists(path);
        }
    }

    private static void requireFree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new FileSystemException(path.toString(), null, "exists and is not a socket");
        }
        if (answers(path)) {
            throw new FileSystemException(path.toString(), null, "another server is listening there");
        }
        Files.deleteIfExists(path);
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Object fileKeyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
