package io.lunbridge.nbd.client;

import io.lunbridge.nbd.protocol.Command;
import io.lunbridge.nbd.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * One connection to one export. Blocking, for one thread, one request at a time. After an {@link IOException} other
 * than {@link NbdErrorException} the connection is of no more use but to be closed.
 */
public final class NbdClient implements AutoCloseable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final BlockingStream stream;
    private final ReplyReader replies;
    private final long sizeBytes;
    private final int transmissionFlags;
    private long lastCookie;

    private NbdClient(BlockingStream stream, ClientHandshake agreed) {
        this.stream = stream;
        this.replies = new ReplyReader(stream, agreed.structuredReplies());
        this.sizeBytes = agreed.sizeBytes();
        this.transmissionFlags = agreed.transmissionFlags();
    }

    /**
     * Connects and asks for an export.
     *
     * @param address a {@link java.net.UnixDomainSocketAddress} or a {@link java.net.InetSocketAddress}
     * @param exportName empty for the server's default export
     * @param patienceMillis how long the server may do nothing at all, now and later, before it counts as dead
     */
    public static NbdClient connect(SocketAddress address, String exportName, long patienceMillis) throws IOException {
        BlockingStream stream = BlockingStream.connect(address, patienceMillis);
        try {
            ClientHandshake handshake = new ClientHandshake(stream);
            handshake.run(exportName);
            return new NbdClient(stream, handshake);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** As {@link io.lunbridge.nbd.protocol.TransmissionFlags} has them. */
    public int transmissionFlags() {
        return transmissionFlags;
    }

    /** Fills what remains of {@code into}, at most 32 MiB. */
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        send(Command.READ, offsetBytes, into.remaining(), NOTHING);
        replies.awaitData(lastCookie, offsetBytes, into);
    }

    /** Writes what remains of {@code data}, at most 32 MiB. */
    public void write(long offsetBytes, ByteBuffer data) throws IOException {
        send(Command.WRITE, offsetBytes, data.remaining(), data);
        replies.awaitSuccess(lastCookie);
    }

    /** Makes all that was written durable. */
    public void flush() throws IOException {
        send(Command.FLUSH, 0, 0, NOTHING);
        replies.awaitSuccess(lastCookie);
    }

    /** Says goodbye, if that is still possible, and closes. */
    @Override
    public void close() throws IOException {
        try (stream) {
            send(Command.DISC, 0, 0, NOTHING);
        }
    }

    private void send(int command, long offsetBytes, int lengthBytes, ByteBuffer payload) throws IOException {
        ByteBuf header = Unpooled.buffer(RequestHeader.LENGTH);
        RequestHeader.encode(header, command, ++lastCookie, offsetBytes, lengthBytes);
        stream.write(header.nioBuffer(), payload);
    }
}
