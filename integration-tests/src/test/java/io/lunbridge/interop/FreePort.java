package io.lunbridge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Ports of the loopback interface that nobody listens on. */
public final class FreePort {

    /** The state's number in the kernel's table of connections. */
    private static final String LISTEN = "0A";

    private FreePort() {}

    /** A port that was free a moment ago; the kernel hands out ephemeral ports in turn, so a clash is unlikely. */
    public static int next() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether somebody listens there. It does not connect to see: some targets do not survive that. */
    static boolean isListening(int port) {
        String entry = String.format(":%04X ", port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(table -> Processes.text(Path.of(table)).lines())
                .map(line -> line.strip().split(" +"))
                .anyMatch(fields -> fields.length > 3 && (fields[1] + " ").endsWith(entry) && fields[3].equals(LISTEN));
    }
}
