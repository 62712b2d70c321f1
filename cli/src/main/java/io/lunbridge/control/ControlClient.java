package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongConsumer;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;

/** Asks the daemon, one request a connection. Blocks; an interrupt ends the wait. */
public final class ControlClient {

    private static final int CONNECT_MILLIS = 5000;
    private static final long REQUEST_MILLIS = 5000;

    /** Longest silence: the daemon tells every two seconds that it is still at work. */
    private static final long SILENCE_MILLIS = 30_000;

    /** What {@code sun_path} holds beside its final NUL. */
    private static final int MAX_PATH_BYTES = 107;

    private final Path socket;

    public ControlClient(Path socket) {
        this.socket = socket.toAbsolutePath();
    }

    /**
     * Asks, and waits for the answer however long the daemon is at work.
     *
     * @param verb what to do
     * @param arguments strings, numbers, booleans, lists and maps
     * @param waited told the seconds that the daemon has been at work, every now and then
     * @return the results; null if no daemon listens
     * @throws CommandException the daemon's own, with its exit code; or if the daemon does not answer
     */
    public @Nullable Map<String, Object> ask(String verb, Map<String, ?> arguments, LongConsumer waited)
            throws CommandException, InterruptedException {
        UnixSocketChannel channel = connect();
        if (channel == null) {
            return null;
        }
        try (ControlChannel daemon = new ControlChannel(channel)) {
            Map<String, @Nullable Object> request = ControlMessage.empty();
            request.put(ControlMessage.VERB, verb);
            request.putAll(arguments);
            send(daemon, request);
            return outcome(answer(daemon, waited));
        } catch (InterruptedIOException e) {
            if (e instanceof SocketTimeoutException) {
                throw failure("does not answer; look into its log", e);
            }
            throw interrupted(e);
        } catch (ClosedByInterruptException e) {
            throw interrupted(e);
        } catch (EOFException e) {
            throw failure("ended before it had answered; look into its log", e);
        } catch (IOException e) {
            throw failure("cannot be talked to: " + e.getMessage(), e);
        }
    }

    private @Nullable UnixSocketChannel connect() throws CommandException {
        if (!isPossible(socket)) {
            return null;
        }
        try {
            UnixSocketChannel channel = UnixSocketChannel.open();
            // On Linux it bounds the wait for a place in the daemon's queue as well.
            channel.setOption(UnixSocketOptions.SO_SNDTIMEO, CONNECT_MILLIS);
            if (channel.connect(new UnixSocketAddress(socket.toFile()))) {
                return channel;
            }
            channel.close();
            throw failure("does not answer; look into its log", new SocketTimeoutException());
        } catch (IOException e) {
            return absent(e);
        }
    }

    /** Whether a socket can be there at all, and jnr-unixsocket, which counts characters for bytes, can name it. */
    static boolean isPossible(Path socket) {
        String path = socket.toAbsolutePath().toString();
        return path.length() <= MAX_PATH_BYTES && path.chars().allMatch(character -> character < 0x80);
    }

    /** Nobody listens, or not for us. */
    private @Nullable UnixSocketChannel absent(IOException e) throws CommandException {
        String reason = String.valueOf(e.getMessage());
        if (reason.contains("No such file") || reason.contains("refused") || reason.contains("Not a directory")) {
            return null;
        }
        if (reason.contains("denied")) {
            throw new CommandException(
                    ExitCode.NOT_PERMITTED, "the daemon takes commands from root and its own user only; use sudo", e);
        }
        throw failure("cannot be reached: " + reason, e);
    }

    /** A daemon that refuses us may have closed before it read anything: what it said is there all the same. */
    private static void send(ControlChannel daemon, Map<String, @Nullable Object> request) throws IOException {
        try {
            daemon.write(request, REQUEST_MILLIS);
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("pipe")) {
                throw e;
            }
        }
    }

    private static Map<String, Object> answer(ControlChannel daemon, LongConsumer waited) throws IOException {
        while (true) {
            Map<String, Object> message = daemon.read(SILENCE_MILLIS);
            if (!message.containsKey(ControlMessage.PROGRESS)) {
                return message;
            }
            if (message.get(ControlMessage.SECONDS) instanceof Number seconds) {
                waited.accept(seconds.longValue());
            }
        }
    }

    private Map<String, Object> outcome(Map<String, Object> answer) throws CommandException {
        if (Boolean.TRUE.equals(answer.get(ControlMessage.OK))) {
            return answer;
        }
        if (answer.get(ControlMessage.ERROR) instanceof String sentence) {
            if (answer.get(ControlMessage.ISCSI_ERROR) instanceof Integer number) {
                throw new CommandException(number, sentence, null);
            }
            throw new CommandException(exitCode(answer.get(ControlMessage.EXIT_CODE)), sentence);
        }
        throw failure("gave an answer that this command does not understand; it may be newer", new IOException());
    }

    private static ExitCode exitCode(@Nullable Object name) {
        for (ExitCode exitCode : ExitCode.values()) {
            if (exitCode.name().equals(name) && exitCode != ExitCode.OK) {
                return exitCode;
            }
        }
        return ExitCode.FAILURE;
    }

    private CommandException failure(String what, IOException cause) {
        return new CommandException(ExitCode.FAILURE, "the daemon at " + socket + " " + what, cause);
    }

    private static InterruptedException interrupted(IOException cause) {
        InterruptedException interrupt = new InterruptedException();
        interrupt.initCause(cause);
        return interrupt;
    }
}
