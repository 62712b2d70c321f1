package io.lunbridge.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * An NBD client that costs next to nothing: so many requests of one length at random offsets in one system call, then
 * all their replies. One thread, blocking. It looks at no reply but for its first word and its error.
 */
final class NbdLoad implements AutoCloseable {

    static final int BLOCK_BYTES = 4096;

    private static final long NBDMAGIC = 0x4e42444d41474943L;
    private static final long IHAVEOPT = 0x49484156454f5054L;
    private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
    private static final int EXPORT_NAME = 1;
    private static final int STRUCTURED_REPLY = 8;
    private static final int ACK = 1;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    private static final int CHUNK_MAGIC = 0x668e33ef;
    private static final int SIMPLE_REPLY_BYTES = 16;
    private static final int DATA_CHUNK_BYTES = 28;
    private static final int REQUEST_BYTES = 28;

    private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    private final SplittableRandom random = new SplittableRandom(1);
    private final boolean structured;
    private final long blocks;

    /** @param structured whether to agree on structured replies, as QEMU does and the kernel does not */
    NbdLoad(Path socket, boolean structured) throws IOException {
        this.structured = structured;
        channel.connect(UnixDomainSocketAddress.of(socket));
        ByteBuffer greeting = receive(18);
        if (greeting.getLong() != NBDMAGIC || greeting.getLong() != IHAVEOPT) {
            throw new IOException("no NBD server of the newstyle handshake");
        }
        send(ByteBuffer.allocate(4).putInt(FIXED_NEWSTYLE_NO_ZEROES).flip());
        if (structured) {
            send(option(STRUCTURED_REPLY));
            if (receive(20).getInt(12) != ACK) {
                throw new IOException("no structured replies");
            }
        }
        send(option(EXPORT_NAME));
        blocks = receive(10).getLong() / BLOCK_BYTES;
    }

    private static ByteBuffer option(int number) {
        return ByteBuffer.allocate(16)
                .putLong(IHAVEOPT)
                .putInt(number)
                .putInt(0)
                .flip();
    }

    /** Sends {@code rounds} times {@code depth} requests of the kind and takes their replies. */
    void run(Kind kind, int depth, int rounds) throws IOException {
        int requestBytes = kind == Kind.WRITE ? REQUEST_BYTES + BLOCK_BYTES : REQUEST_BYTES;
        ByteBuffer requests = ByteBuffer.allocateDirect(depth * requestBytes);
        int replyBytes = replyBytes(kind);
        ByteBuffer replies = ByteBuffer.allocateDirect(depth * replyBytes);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < depth; i++) {
                putRequest(requests, i * requestBytes, kind);
            }
            send(requests.clear());
            fill(replies.clear());
            for (int i = 0; i < depth; i++) {
                check(replies, i * replyBytes);
            }
        }
    }

    private int replyBytes(Kind kind) {
        if (kind != Kind.READ) {
            return SIMPLE_REPLY_BYTES;
        }
        return BLOCK_BYTES + (structured ? DATA_CHUNK_BYTES : SIMPLE_REPLY_BYTES);
    }

    private void putRequest(ByteBuffer requests, int index, Kind kind) {
        requests.putInt(index, REQUEST_MAGIC)
                .putInt(index + 4, kind.command)
                .putLong(index + 8, index)
                .putLong(index + 16, random.nextLong(blocks) * BLOCK_BYTES)
                .putInt(index + 24, kind == Kind.FLUSH ? 0 : BLOCK_BYTES);
        if (kind == Kind.FLUSH) {
            requests.putLong(index + 16, 0);
        }
    }

    private static void check(ByteBuffer replies, int index) throws IOException {
        int magic = replies.getInt(index);
        boolean good = magic == SIMPLE_REPLY_MAGIC ? replies.getInt(index + 4) == 0 : magic == CHUNK_MAGIC;
        if (!good) {
            throw new IOException("a request failed, or the replies are out of step: " + Integer.toHexString(magic));
        }
    }

    private ByteBuffer receive(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        fill(buffer);
        return buffer.flip();
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the NBD server closed the connection");
            }
        }
    }

    private void send(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** What a request asks for. */
    enum Kind {
        READ(0),
        WRITE(1),
        FLUSH(3);

        private final int command;

        Kind(int command) {
            this.command = command;
        }
    }
}
