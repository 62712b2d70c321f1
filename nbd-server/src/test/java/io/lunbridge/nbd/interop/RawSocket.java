package io.lunbridge.nbd.interop;

import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Options;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client's socket that does nothing by itself. */
final class RawSocket implements AutoCloseable {

    private final SocketChannel channel;

    private RawSocket(SocketChannel channel) {
        this.channel = channel;
    }

    static RawSocket connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new RawSocket(channel);
    }

    /** Connected and through the handshake. */
    static RawSocket inTransmission(Path socket, String export) throws IOException {
        RawSocket raw = connect(socket);
        raw.receive(18);
        raw.send(Options.clientFlags(3), Options.exportName(export));
        raw.receive(10);
        return raw;
    }

    void send(byte[]... messages) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Bytes.join(messages));
        while (all.hasRemaining()) {
            channel.write(all);
        }
    }

    /** As much as fits into the socket without anybody reading. */
    int sendWithoutBlocking(byte[] message) throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.write(ByteBuffer.wrap(message));
        } finally {
            channel.configureBlocking(true);
        }
    }

    byte[] receive(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("closed after " + buffer.position() + " of " + length + " bytes");
            }
        }
        return buffer.array();
    }

    /** Whether the server has closed, once what it sent before is read; waits until there is something to tell. */
    boolean isAtEnd() throws IOException {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            return true; // reset
        }
    }

    void shutDownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
