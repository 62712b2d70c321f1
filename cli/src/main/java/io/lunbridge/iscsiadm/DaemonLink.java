package io.lunbridge.iscsiadm;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Asks the daemon over its control socket, one request a connection. It speaks the form of {@code io.lunbridge.control},
 * whose own client would need a native library. Any thread may ask; asking blocks.
 */
final class DaemonLink {

    /** Longest silence; the daemon tells every two seconds that it is still at work. */
    private static final long SILENCE_MILLIS = 30_000;

    private static final int MAX_ANSWER_BYTES = 64 << 10;

    /** At once, of those who wait for an answer: the daemon takes twice as many, of all processes. */
    private static final int MAX_ASKING = 128;

    private final Path socket;
    private final Console console;
    private final Semaphore asking = new Semaphore(MAX_ASKING);
    private @Nullable List<Session> sessions;

    /** @param console told of what is asked, where somebody looks for a fault */
    DaemonLink(Path socket, Console console) {
        this.socket = socket;
        this.console = console;
    }

    /**
     * Asks, and waits for the answer however long the daemon is at work.
     *
     * @return what the answer holds
     * @throws DaemonFailure the daemon's own, or {@link ErrorCode#ISCSID_NOTCONN} if there is none
     */
    Map<?, ?> ask(String verb, Map<String, ?> arguments) throws DaemonFailure {
        console.debug("asking the daemon at " + socket + ": " + verb);
        asking.acquireUninterruptibly();
        try (SocketChannel channel = connect()) {
            send(channel, verb, arguments);
            return outcome(answer(channel));
        } catch (DaemonFailure e) {
            console.debug(verb + " ends with " + e.error().number() + ": " + e.sentence());
            throw e;
        } catch (IOException e) {
            throw new DaemonFailure(ErrorCode.ISCSID_COMM_ERR, "the daemon at " + socket + ": " + e.getMessage());
        } finally {
            asking.release();
        }
    }

    /** Asks, and does not wait. The daemon does what it is asked for though nobody waits. */
    void tell(String verb, Map<String, ?> arguments) throws DaemonFailure {
        try (SocketChannel channel = connect()) {
            send(channel, verb, arguments);
        } catch (IOException e) {
            throw new DaemonFailure(ErrorCode.ISCSID_COMM_ERR, "the daemon at " + socket + ": " + e.getMessage());
        }
    }

    /** Whether somebody listens. */
    boolean isThere() {
        try (SocketChannel channel = connect()) {
            return channel.isConnected();
        } catch (IOException | DaemonFailure e) {
            return false;
        }
    }

    /** Wakes a daemon that systemd holds ready ({@code iscsid.socket}), and tells whether there is one to be woken. */
    boolean knock() {
        try (SocketChannel channel = connectTo(socket.resolveSibling("wake"))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The sessions, by sid. Asked for once.
     *
     * @throws DaemonFailure if the daemon is there and does not tell; without one there are none
     */
    synchronized List<Session> sessions() throws DaemonFailure {
        List<Session> known = sessions;
        if (known == null) {
            known = askForSessions();
            sessions = known;
        }
        return known;
    }

    /** What was told of sessions is not true any more. */
    synchronized void forgetSessions() {
        sessions = null;
    }

    private List<Session> askForSessions() throws DaemonFailure {
        List<Session> all = new ArrayList<>();
        try {
            long from = 0;
            while (from >= 0) {
                Map<?, ?> answer = ask("sessions", Map.of("from", from));
                if (answer.get("sessions") instanceof List<?> some) {
                    for (Object each : some) {
                        if (each instanceof Map<?, ?> values) {
                            all.add(new Session(values));
                        }
                    }
                }
                from = answer.get("next") instanceof Number next ? next.longValue() : -1;
            }
        } catch (DaemonFailure e) {
            if (e.error() != ErrorCode.ISCSID_NOTCONN) {
                throw e;
            }
        }
        return all;
    }

    private SocketChannel connect() throws DaemonFailure {
        try {
            return connectTo(socket);
        } catch (IOException e) {
            throw new DaemonFailure(ErrorCode.ISCSID_NOTCONN, "can not connect to iSCSI daemon (" + errno(e) + ")!");
        }
    }

    private static SocketChannel connectTo(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** As the connection to open-iscsi's abstract socket fails: without a daemon it is refused. */
    private static int errno(IOException e) {
        return String.valueOf(e.getMessage()).contains("denied") ? 13 : 111;
    }

    private static void send(SocketChannel channel, String verb, Map<String, ?> arguments) throws IOException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("version", 1);
        request.put("verb", verb);
        request.putAll(arguments);
        StringBuilder line = new StringBuilder();
        Json.write(request, line);
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line.append('\n').toString());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The first message that tells of no progress. */
    private static Map<?, ?> answer(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.allocate(MAX_ANSWER_BYTES + 1);
        try (Selector selector = channel.provider().openSelector()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (true) {
                String line = line(channel, selector, buffer);
                if (!(Json.read(line) instanceof Map<?, ?> message)) {
                    throw new ProtocolException("no answer");
                }
                if (!message.containsKey("progress")) {
                    return message;
                }
            }
        }
    }

    /** The next line; what follows it stays in the buffer. */
    private static String line(SocketChannel channel, Selector selector, ByteBuffer buffer) throws IOException {
        int end = lineFeed(buffer, 0);
        while (end < 0) {
            int before = buffer.position();
            if (!buffer.hasRemaining() || selector.select(SILENCE_MILLIS) == 0) {
                throw new IOException("it does not answer");
            }
            selector.selectedKeys().clear();
            if (channel.read(buffer) < 0) {
                throw new IOException("it ended before it had answered");
            }
            end = lineFeed(buffer, before);
        }
        buffer.flip();
        String line = StandardCharsets.UTF_8.decode(buffer.slice(0, end)).toString();
        buffer.position(end + 1);
        buffer.compact();
        return line;
    }

    private static int lineFeed(ByteBuffer buffer, int from) {
        for (int i = from; i < buffer.position(); i++) {
            if (buffer.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static Map<?, ?> outcome(Map<?, ?> answer) throws DaemonFailure {
        if (Boolean.TRUE.equals(answer.get("ok"))) {
            return answer;
        }
        ErrorCode error = answer.get("iscsiError") instanceof Number number
                ? ErrorCode.of(number.intValue())
                : ErrorCode.INTERNAL;
        throw new DaemonFailure(error, String.valueOf(answer.get("error")));
    }
}
