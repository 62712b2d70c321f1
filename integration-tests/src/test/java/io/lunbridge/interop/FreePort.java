package io.lunbridge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Ports of the loopback interface that nobody listens on. */
public final class FreePort {

    /** The state's number in the kernel's table of connections. */
    private static final String LISTEN = "0A";

    private FreePort() {}

    /** Below the ports that the kernel hands out by itself, so that no connection of a stranger takes one in between. */
    private static final int FIRST = 12_000;

    private static final int COUNT = 18_000;

    /** What the next one is, for all test runs on this machine. */
    private static final Path COUNTER =
            Path.of(System.getProperty("java.io.tmpdir"), "lunbridge-test-ports-" + System.getProperty("user.name"));

    /** A port that nobody listens on, and that no other test of any run here is given for a long time. */
    public static synchronized int next() {
        try (FileChannel counter = FileChannel.open(
                        COUNTER, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = counter.lock()) {
            assert lock.isValid();
            ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
            int last = counter.read(number, 0) == Integer.BYTES ? number.getInt(0) : FIRST;
            int port = last;
            do {
                port = FIRST + (port + 1 - FIRST) % COUNT;
                assert port != last : "no port is free";
            } while (!isFree(port));
            counter.write(number.clear().putInt(0, port), 0);
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
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
