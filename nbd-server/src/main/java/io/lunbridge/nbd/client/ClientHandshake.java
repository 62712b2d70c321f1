package io.lunbridge.nbd.client;

import io.lunbridge.nbd.protocol.Handshake;
import io.lunbridge.nbd.protocol.Info;
import io.lunbridge.nbd.protocol.Option;
import io.lunbridge.nbd.protocol.OptionReply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The client's side of the handshake: structured replies if the server has them, then GO. */
final class ClientHandshake {

    /** Of a server's reply to an option: a string of the greatest length and what stands around it. */
    private static final int REPLY_BYTES_MAX = 2 * Handshake.STRING_BYTES_MAX;

    private final BlockingStream stream;
    private boolean structuredReplies;
    private long sizeBytes = -1;
    private int transmissionFlags;

    ClientHandshake(BlockingStream stream) {
        this.stream = stream;
    }

    void run(String exportName) throws IOException {
        greet();
        sendOption(Option.STRUCTURED_REPLY, ByteBuffer.allocate(0));
        structuredReplies = readReply(Option.STRUCTURED_REPLY).type() == OptionReply.ACK;
        byte[] name = exportName.getBytes(StandardCharsets.UTF_8);
        sendOption(
                Option.GO,
                ByteBuffer.allocate(Integer.BYTES + name.length + Short.BYTES)
                        .putInt(name.length)
                        .put(name)
                        .putShort((short) 0)
                        .flip());
        awaitGo(exportName);
    }

    boolean structuredReplies() {
        return structuredReplies;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    int transmissionFlags() {
        return transmissionFlags;
    }

    private void greet() throws IOException {
        ByteBuffer greeting = stream.read(18);
        if (greeting.getLong() != Handshake.INIT_PASSWD || greeting.getLong() != Handshake.OPTS_MAGIC) {
            throw new IOException("not an NBD server of the newstyle handshake");
        }
        int flags = greeting.getShort();
        if ((flags & Handshake.FLAG_FIXED_NEWSTYLE) == 0) {
            throw new IOException("the NBD server does not speak fixed newstyle");
        }
        int answer = flags & (Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES);
        stream.write(ByteBuffer.allocate(Integer.BYTES).putInt(answer).flip());
    }

    private void sendOption(int option, ByteBuffer data) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Handshake.OPTION_HEADER_BYTES)
                .putLong(Handshake.OPTS_MAGIC)
                .putInt(option)
                .putInt(data.remaining())
                .flip();
        stream.write(header, data);
    }

    private void awaitGo(String exportName) throws IOException {
        Reply reply = readReply(Option.GO);
        while (reply.type() == OptionReply.INFO) {
            ByteBuffer info = reply.data();
            if (info.remaining() == 12 && info.getShort() == Info.EXPORT) {
                sizeBytes = info.getLong();
                transmissionFlags = Short.toUnsignedInt(info.getShort());
            }
            reply = readReply(Option.GO);
        }
        if (reply.type() != OptionReply.ACK) {
            String reason = StandardCharsets.UTF_8.decode(reply.data()).toString();
            throw new IOException("the NBD server refuses export '" + exportName + "': " + reason);
        }
        if (sizeBytes < 0) {
            throw new IOException("the NBD server does not tell the size of export '" + exportName + "'");
        }
    }

    private Reply readReply(int option) throws IOException {
        ByteBuffer header = stream.read(Handshake.OPTION_REPLY_HEADER_BYTES);
        if (header.getLong() != Handshake.REP_MAGIC || header.getInt() != option) {
            throw new IOException("the NBD server answers out of step");
        }
        int type = header.getInt();
        int dataBytes = header.getInt();
        if (dataBytes < 0 || dataBytes > REPLY_BYTES_MAX) {
            throw new IOException("the NBD server's answer has an impossible length");
        }
        return new Reply(type, stream.read(dataBytes));
    }

    private record Reply(int type, ByteBuffer data) {}
}
