package io.lunbridge.nbd.handshake;

import io.lunbridge.nbd.protocol.Handshake;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Reads fields off an option's data, never past its end. */
final class OptionData {

    private final ByteBuf data;

    OptionData(ByteBuf data) {
        this.data = data;
    }

    int unsignedShort() throws MalformedOptionException {
        require(Short.BYTES);
        return data.readUnsignedShort();
    }

    long unsignedInt() throws MalformedOptionException {
        require(Integer.BYTES);
        return data.readUnsignedInt();
    }

    /** A string after its own 32-bit length. */
    String string() throws MalformedOptionException {
        return string(unsignedInt());
    }

    /** All that is left, as a string. */
    String rest() throws MalformedOptionException {
        return string(data.readableBytes());
    }

    void requireEnd() throws MalformedOptionException {
        if (data.isReadable()) {
            throw new MalformedOptionException("option data is longer than its fields");
        }
    }

    private String string(long lengthBytes) throws MalformedOptionException {
        if (lengthBytes > Handshake.STRING_BYTES_MAX) {
            throw new MalformedOptionException("string longer than 4096 bytes");
        }
        require(lengthBytes);
        return data.readString((int) lengthBytes, StandardCharsets.UTF_8);
    }

    private void require(long bytes) throws MalformedOptionException {
        if (data.readableBytes() < bytes) {
            throw new MalformedOptionException("option data is shorter than its fields");
        }
    }
}
