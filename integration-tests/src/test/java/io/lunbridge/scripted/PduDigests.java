package io.lunbridge.scripted;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Which PDUs of a connection carry digests (RFC 7143 section 13.1).
 *
 * @param header CRC32C after the header and its additional segments
 * @param data CRC32C after the data segment and its padding, where there is one
 */
record PduDigests(boolean header, boolean data) {

    static final PduDigests NONE = new PduDigests(false, false);
    static final int LENGTH = 4;

    /** The digest as it goes over the wire: its lowest byte first. */
    static byte[] of(byte[]... parts) {
        CRC32C crc = new CRC32C();
        for (byte[] part : parts) {
            crc.update(part);
        }
        return ByteBuffer.allocate(LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) crc.getValue())
                .array();
    }
}
