package io.lunbridge.interop;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A plain NBD client on a Unix socket (NBD "Newstyle negotiation", "Transmission"), with simple replies. One thread may
 * send while another receives.
 */
public final class NbdClient implements AutoCloseable {

    static final int READ = 0;
    static final int WRITE = 1;
    static final int FLUSH = 3;

    private static final int REQUEST_BYTES = 28;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final int OPTION_GO = 7;
    private static final int REPLY_ACK = 1;
    private static final int REPLY_INFO = 3;

    private final SocketChannel channel;
    private final DataInputStream in;
    private long sizeBytes;

    /** The default export. */
    public NbdClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        in = new DataInputStream(Channels.newInputStream(channel));
        in.readFully(new byte[16]);
        int flags = in.readUnsignedShort();
        ByteBuffer go = ByteBuffer.allocate(26);
        go.putInt(flags & 3).putLong(OPTION_MAGIC).putInt(OPTION_GO).putInt(6);
        go.putInt(0).putShort((short) 0);
        send(go);
        while (!negotiated()) {
            // One reply each; the last is an acknowledgement.
        }
    }

    private boolean negotiated() throws IOException {
        in.readLong();
        in.readInt();
        int type = in.readInt();
        ByteBuffer content = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        if (type == REPLY_INFO && content.getShort() == 0) {
            sizeBytes = content.getLong();
        } else if (type != REPLY_ACK && type != REPLY_INFO) {
            throw new IOException("refused: " + new String(content.array(), StandardCharsets.UTF_8));
        }
        return type == REPLY_ACK;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    void send(int type, long cookie, long offsetBytes, ByteBuffer data) throws IOException {
        send(header(type, cookie, offsetBytes, data.remaining()));
        send(data);
    }

    void send(int type, long cookie, long offsetBytes, int length) throws IOException {
        send(header(type, cookie, offsetBytes, length));
    }

    private static ByteBuffer header(int type, long cookie, long offsetBytes, int length) {
        ByteBuffer header = ByteBuffer.allocate(REQUEST_BYTES);
        header.putInt(REQUEST_MAGIC).putShort((short) 0).putShort((short) type);
        return header.putLong(cookie).putLong(offsetBytes).putInt(length);
    }

    private void send(ByteBuffer bytes) throws IOException {
        if (bytes.position() > 0) {
            bytes.flip();
        }
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * What an answer says before its data.
     *
     * @param error an errno, 0 for success
     */
    record Reply(int error, long cookie) {}

    /** Waits for the next answer. The data of a read that succeeded has to be taken by {@link #data} next. */
    Reply receive() throws IOException {
        if (in.readInt() != REPLY_MAGIC) {
            throw new IOException("no simple reply");
        }
        return new Reply(in.readInt(), in.readLong());
    }

    byte[] data(int length) throws IOException {
        byte[] data = in.readNBytes(length);
        if (data.length < length) {
            throw new EOFException();
        }
        return data;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
