package io.lunbridge.conformance;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small NBD client with several requests under way, which are sent in the order of the calls: oldest handshake, simple
 * replies. Shares no code with the product.
 */
final class PipelinedNbd implements AutoCloseable {

    private static final long NBDMAGIC = 0x4e42444d41474943L;
    private static final long IHAVEOPT = 0x49484156454f5054L;
    private static final int EXPORT_NAME = 1;
    private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISC = 2;
    private static final int FLUSH = 3;
    private static final int EPERM = 1;
    private static final int ENOSPC = 28;
    private static final int EINVAL = 22;

    private final SocketChannel channel;
    private final DataInputStream in;
    private final CompletableFuture<Long> size = new CompletableFuture<>();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private long lastCookie;

    private record Pending(int replyBytes, CompletableFuture<byte[]> result) {}

    private PipelinedNbd(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(Channels.newInputStream(channel));
        Thread reader = new Thread(this::receive, "nbd-replies");
        reader.setDaemon(true);
        reader.start();
    }

    static PipelinedNbd connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new PipelinedNbd(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private long greet() throws IOException {
        if (in.readLong() != NBDMAGIC || in.readLong() != IHAVEOPT) {
            throw new IOException("no NBD server");
        }
        in.readShort();
        send(ByteBuffer.allocate(20)
                .putInt(FIXED_NEWSTYLE_NO_ZEROES)
                .putLong(IHAVEOPT)
                .putInt(EXPORT_NAME)
                .putInt(0));
        long sizeBytes = in.readLong();
        in.readShort();
        return sizeBytes;
    }

    /** The size of the disk in bytes, when the server has told it; nothing may be asked for before. */
    CompletableFuture<Long> handshake() {
        return size;
    }

    CompletableFuture<byte[]> read(long offsetBytes, int lengthBytes) {
        return request(READ, offsetBytes, lengthBytes, new byte[0]);
    }

    CompletableFuture<byte[]> write(long offsetBytes, byte[] data) {
        return request(WRITE, offsetBytes, data.length, data);
    }

    CompletableFuture<byte[]> flush() {
        return request(FLUSH, 0, 0, new byte[0]);
    }

    private CompletableFuture<byte[]> request(int command, long offsetBytes, int lengthBytes, byte[] data) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        long cookie = ++lastCookie;
        pending.put(cookie, new Pending(command == READ ? lengthBytes : 0, result));
        try {
            send(header(command, cookie, data.length)
                    .putLong(offsetBytes)
                    .putInt(lengthBytes)
                    .put(data));
        } catch (IOException e) {
            pending.remove(cookie);
            result.completeExceptionally(e);
        }
        return result;
    }

    private static ByteBuffer header(int command, long cookie, int dataBytes) {
        return ByteBuffer.allocate(28 + dataBytes)
                .putInt(REQUEST_MAGIC)
                .putInt(command)
                .putLong(cookie);
    }

    private void send(ByteBuffer message) throws IOException {
        message.flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    private void receive() {
        try {
            size.complete(greet());
            while (true) {
                readReply();
            }
        } catch (IOException e) {
            size.completeExceptionally(e);
            pending.values().forEach(request -> request.result().completeExceptionally(e));
        }
    }

    private void readReply() throws IOException {
        int magic = in.readInt();
        int error = in.readInt();
        Pending request = pending.remove(in.readLong());
        if (magic != REPLY_MAGIC || request == null) {
            throw new EOFException("not a reply");
        }
        if (error != 0) {
            request.result().completeExceptionally(new BlockException(meaning(error), "NBD error " + error));
            return;
        }
        request.result().complete(in.readNBytes(request.replyBytes()));
    }

    private static BlockError meaning(int error) {
        return switch (error) {
            case EPERM -> BlockError.NOT_PERMITTED;
            case ENOSPC -> BlockError.NO_SPACE;
            case EINVAL -> BlockError.INVALID;
            default -> BlockError.IO;
        };
    }

    /** Says goodbye, and fails what is not answered yet. May be called by any thread, and twice. */
    @Override
    public void close() {
        try (channel) {
            if (channel.isOpen()) {
                send(header(DISC, 0, 0).putLong(0).putInt(0));
            }
        } catch (IOException e) {
            // The server is gone: the reader has noticed it, too.
            assert e != null;
        }
    }
}
