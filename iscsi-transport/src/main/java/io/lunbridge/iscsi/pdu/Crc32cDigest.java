package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The CRC32C digest of RFC 7143 section 13.1 over bytes wherever they are. On the wire its lowest byte comes first. */
final class Crc32cDigest {

    static final int LENGTH_BYTES = 4;

    private final CRC32C crc = new CRC32C();

    void reset() {
        crc.reset();
    }

    void update(ByteBuf buffer, int index, int lengthBytes) {
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + index, lengthBytes);
        } else if (buffer.nioBufferCount() == 1) {
            crc.update(buffer.internalNioBuffer(index, lengthBytes));
        } else {
            for (ByteBuffer part : buffer.nioBuffers(index, lengthBytes)) {
                crc.update(part);
            }
        }
    }

    /** The digest of what was given since {@link #reset}, as {@link ByteBuf#getIntLE} reads it from the wire. */
    int value() {
        return (int) crc.getValue();
    }
}
