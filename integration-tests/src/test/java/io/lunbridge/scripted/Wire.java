package io.lunbridge.scripted;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A socket that carries PDUs. Every wait has a limit, so that no script hangs. */
final class Wire implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private PduDigests digests = PduDigests.NONE;

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = socket.getOutputStream();
    }

    /** The next PDU; null where the initiator closed the connection; an assertion error after {@code limit}. */
    @Nullable
    RawPdu next(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
        try {
            return RawPdu.read(in, digests);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no PDU from the initiator within " + limit, e);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** True if not a byte comes, nor the end, for that long. */
    boolean isQuietFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        in.mark(1);
        try {
            if (in.read() >= 0) {
                in.reset();
            }
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }

    /** From the next PDU on, in both directions. */
    void digests(PduDigests agreed) {
        digests = agreed;
    }

    void send(RawReply reply) throws IOException {
        send(reply.encoded(digests));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Closes as TCP's RST does: what the initiator has not read yet is lost. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
