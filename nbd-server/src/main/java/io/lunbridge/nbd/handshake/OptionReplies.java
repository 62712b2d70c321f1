package io.lunbridge.nbd.handshake;

import io.lunbridge.nbd.protocol.Handshake;
import io.lunbridge.nbd.protocol.Info;
import io.lunbridge.nbd.protocol.OptionReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Encodes the replies to one option (NBD "Option reply types"). */
final class OptionReplies {

    private final ByteBuf out;
    private final int option;

    OptionReplies(ByteBuf out, int option) {
        this.out = out;
        this.option = option;
    }

    Verdict acknowledge() {
        header(OptionReply.ACK, 0);
        return Verdict.CONTINUE;
    }

    /** An error; {@code message} is shown to people. */
    Verdict error(int type, String message) {
        header(type, ByteBufUtil.utf8Bytes(message));
        ByteBufUtil.writeUtf8(out, message);
        return Verdict.CONTINUE;
    }

    void server(String name, String description) {
        int nameBytes = ByteBufUtil.utf8Bytes(name);
        header(OptionReply.SERVER, Integer.BYTES + nameBytes + ByteBufUtil.utf8Bytes(description));
        out.writeInt(nameBytes);
        ByteBufUtil.writeUtf8(out, name);
        ByteBufUtil.writeUtf8(out, description);
    }

    void metaContext(int id, String name) {
        header(OptionReply.META_CONTEXT, Integer.BYTES + ByteBufUtil.utf8Bytes(name));
        out.writeInt(id);
        ByteBufUtil.writeUtf8(out, name);
    }

    void infoExport(long sizeBytes, int transmissionFlags) {
        header(OptionReply.INFO, 12);
        out.writeShort(Info.EXPORT);
        out.writeLong(sizeBytes);
        out.writeShort(transmissionFlags);
    }

    void infoBlockSize(int minimumBytes, int preferredBytes, int maximumBytes) {
        header(OptionReply.INFO, 14);
        out.writeShort(Info.BLOCK_SIZE);
        out.writeInt(minimumBytes);
        out.writeInt(preferredBytes);
        out.writeInt(maximumBytes);
    }

    void infoText(int type, String text) {
        header(OptionReply.INFO, Short.BYTES + ByteBufUtil.utf8Bytes(text));
        out.writeShort(type);
        ByteBufUtil.writeUtf8(out, text);
    }

    private void header(int type, int dataBytes) {
        out.writeLong(Handshake.REP_MAGIC);
        out.writeInt(option);
        out.writeInt(type);
        out.writeInt(dataBytes);
    }
}
