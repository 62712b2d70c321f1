package io.lunbridge.nbd.client;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A socket that is read and written in whole pieces, and that gives up when nothing moves for too long. */
final class BlockingStream implements Closeable {

    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final long patienceMillis;

    private BlockingStream(SocketChannel socket, long patienceMillis) throws IOException {
        this.socket = socket;
        this.selector = Selector.open();
        this.patienceMillis = patienceMillis;
        socket.configureBlocking(false);
        this.key = socket.register(selector, 0);
    }

    static BlockingStream connect(SocketAddress address, long patienceMillis) throws IOException {
        boolean tcp = address instanceof InetSocketAddress;
        SocketChannel socket = tcp ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            BlockingStream stream = new BlockingStream(socket, patienceMillis);
            if (tcp) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            if (!socket.connect(address)) {
                stream.await(SelectionKey.OP_CONNECT);
                socket.finishConnect();
            }
            return stream;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Writes all that remains in the buffers. */
    void write(ByteBuffer... buffers) throws IOException {
        while (anyRemaining(buffers)) {
            if (socket.write(buffers) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
    }

    /** Fills the buffer. */
    void read(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            int now = socket.read(buffer);
            if (now < 0) {
                throw new EOFException("the NBD server closed the connection");
            }
            if (now == 0) {
                await(SelectionKey.OP_READ);
            }
        }
    }

    /** Reads so many bytes into a new buffer. */
    ByteBuffer read(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        read(buffer);
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        socket.close();
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        selector.selectedKeys().clear();
        if (selector.select(patienceMillis) == 0) {
            throw new SocketTimeoutException("the NBD server did nothing for " + patienceMillis + " ms");
        }
    }

    private static boolean anyRemaining(ByteBuffer... buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return true;
            }
        }
        return false;
    }
}
