package io.lunbridge.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an NBD server listens: exactly one of the two.
 *
 * @param socket path of a Unix socket
 * @param address host and port of TCP
 */
public record NbdEndpoint(@Nullable Path socket, @Nullable HostPort address) {

    /** What fits into sockaddr_un beside the final NUL (unix(7)). */
    private static final int MAX_PATH_BYTES = 107;

    public NbdEndpoint {
        if ((socket == null) == (address == null)) {
            throw new IllegalArgumentException("either a socket path or an address");
        }
    }

    /**
     * Looks for what would make listening fail, before a session is opened. Changes nothing: a socket file that a dead
     * server left is for the server to replace.
     */
    public void check() throws CommandException {
        if (socket != null) {
            checkSocket(socket.toAbsolutePath());
        } else if (address != null && address.resolve().isUnresolved()) {
            throw new CommandException(
                    ExitCode.FAILURE, "the name '" + address.host() + "' of --listen is unknown; use an address");
        }
    }

    private static void checkSocket(Path path) throws CommandException {
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PATH_BYTES) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the socket path has " + bytes + " bytes, and the system takes " + MAX_PATH_BYTES
                            + "; choose a shorter one");
        }
        Path directory = path.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new CommandException(
                    ExitCode.FAILURE, "there is no directory " + directory + " for the socket; create it first");
        }
        if (!Files.isWritable(directory)) {
            throw new CommandException(
                    ExitCode.NOT_PERMITTED,
                    "no permission to create the socket in " + directory + "; choose another directory");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            requireDead(path);
        }
    }

    private static void requireDead(Path path) throws CommandException {
        if (!isSocket(path)) {
            throw new CommandException(
                    ExitCode.BUSY, path + " exists and is no socket; choose another path or remove it");
        }
        if (answers(path)) {
            throw new CommandException(
                    ExitCode.BUSY, "a running server listens on " + path + "; stop it or choose another path");
        }
    }

    private static boolean isSocket(Path path) {
        try {
            // The type bits of st_mode: 0140000 is a socket (inode(7)).
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & 0170000) == 0140000;
        } catch (IOException e) {
            return false;
        }
    }

    /** A server that is busy, or that we may not talk to, answers too: only a refused connection proves it dead. */
    private static boolean answers(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            return !String.valueOf(e.getMessage()).contains("refused");
        }
    }

    /** The NBD URI of an export here, which NBD clients take as it is. */
    String uri(String exportName, int boundPort) {
        if (socket != null) {
            return "nbd+unix:///" + encode(exportName, "") + "?socket="
                    + encode(socket.toAbsolutePath().toString(), "/:");
        }
        HostPort bound = new HostPort(java.util.Objects.requireNonNull(address).host(), boundPort);
        return "nbd://" + bound + "/" + encode(exportName, "");
    }

    /** Percent-encodes all but the unreserved characters of RFC 3986 and those in {@code also}. */
    private static String encode(String text, String also) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0 || also.indexOf(c) >= 0);
            if (plain) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", (int) c));
            }
        }
        return out.toString();
    }

    /** For messages. */
    @Override
    public String toString() {
        return socket != null ? socket.toAbsolutePath().toString() : String.valueOf(address);
    }
}
