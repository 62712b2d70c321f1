package io.lunbridge.control;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection: whole messages in and out, each within a limit of time, however slowly its bytes come. Blocks.
 * One thread reads; any may write, one message at a time.
 */
final class ControlChannel implements Closeable {

    /** So that an interrupt is seen: a native read does not. */
    private static final long MAX_WAIT_MILLIS = 500;

    private static final int FIRST_BUFFER_BYTES = 1 << 10;

    private final UnixSocketChannel channel;
    private byte[] received = new byte[FIRST_BUFFER_BYTES];
    private int length;
    private boolean writable = true;

    /** The channel is blocking, and is owned from here on. */
    ControlChannel(UnixSocketChannel channel) {
        this.channel = channel;
    }

    /** The user on the other side, as the kernel knows it. */
    int peerUserId() throws IOException {
        return channel.getOption(UnixSocketOptions.SO_PEERCRED).getUid();
    }

    /**
     * Reads the next message.
     *
     * @param limitMillis for all of it
     * @throws EOFException if the other side has closed before the end of a message
     * @throws SocketTimeoutException if it took too long
     * @throws ProtocolException if it is too long or not in form
     */
    Map<String, Object> read(long limitMillis) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        int searched = 0;
        while (true) {
            for (; searched < length; searched++) {
                if (received[searched] == '\n') {
                    return ControlMessage.decode(take(searched));
                }
            }
            if (length > ControlMessage.MAX_BYTES) {
                throw new ProtocolException("a message of more than " + ControlMessage.MAX_BYTES + " bytes");
            }
            fill(deadline);
        }
    }

    private byte[] take(int end) {
        byte[] line = Arrays.copyOf(received, end);
        System.arraycopy(received, end + 1, received, 0, length - end - 1);
        length -= end + 1;
        return line;
    }

    /** Waits until there is something more. */
    private void fill(long deadline) throws IOException {
        if (length == received.length) {
            received = Arrays.copyOf(received, Math.min(2 * length, ControlMessage.MAX_BYTES + 1));
        }
        ByteBuffer free = ByteBuffer.wrap(received, length, received.length - length);
        int read;
        do {
            channel.setOption(UnixSocketOptions.SO_RCVTIMEO, waitMillis(deadline));
            read = channel.read(free);
        } while (read == 0);
        if (read < 0) {
            throw new EOFException("the connection was closed after " + length + " bytes of a message");
        }
        length += read;
    }

    /**
     * Writes a message. After one that failed, which may have left half a line, no other is written.
     *
     * @param limitMillis for all of it
     */
    synchronized void write(Map<String, @Nullable Object> message, long limitMillis) throws IOException {
        ByteBuffer line = ControlMessage.encode(message);
        if (!writable) {
            throw new ClosedChannelException();
        }
        writable = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (line.hasRemaining()) {
            channel.setOption(UnixSocketOptions.SO_SNDTIMEO, waitMillis(deadline));
            int unused = channel.write(line);
        }
        writable = true;
    }

    private static int waitMillis(long deadline) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException();
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("not in time");
        }
        return (int) Math.min(left, MAX_WAIT_MILLIS);
    }

    /** Waits for a write under way: its file descriptor must not become another file's. */
    @Override
    public synchronized void close() throws IOException {
        writable = false;
        channel.close();
    }
}
