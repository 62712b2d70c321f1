package io.lunbridge.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client of the control socket that sends any bytes; shares nothing with the product's. */
final class RawClient implements AutoCloseable {

    private final SocketChannel channel;

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient send(byte... bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            int unused = channel.write(out);
        }
        return this;
    }

    RawClient end() throws IOException {
        SocketChannel unused = channel.shutdownOutput();
        return this;
    }

    /** All that comes until the server closes. */
    String received() throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer in = ByteBuffer.allocate(1 << 12);
        try {
            while (channel.read(in) >= 0) {
                text.append(StandardCharsets.UTF_8.decode(in.flip()));
                in.clear();
            }
        } catch (IOException e) {
            // Closed with something of ours unread: that counts as closed.
            return text.toString();
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
