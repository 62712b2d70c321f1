package io.lunbridge.nbd.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes one generic netlink request, in the machine's byte order.
 *
 * <pre>
 *  0        4      6       8          12        16        17        18      20
 *  +--------+------+-------+----------+---------+---------+---------+-------+------------+
 *  | length | type | flags | sequence | port 0  | command | version | 0     | attributes |
 *  +--------+------+-------+----------+---------+---------+---------+-------+------------+
 *  attribute: | u16 4 + payload length | u16 type, bit 15 = nested | payload | pad to 4 |
 * </pre>
 */
final class NetlinkWriter {

    static final int HEADER_LENGTH = 16;
    static final int GENERIC_HEADER_LENGTH = 4;
    static final int ATTRIBUTE_HEADER_LENGTH = 4;
    static final int TYPE_OFFSET = 4;
    static final int SEQUENCE_OFFSET = 8;
    static final int FLAG_REQUEST = 1;
    static final int FLAG_ACK = 4;
    static final int NESTED = 0x8000;

    private static final int MESSAGE_BYTES_MAX = 4096;

    private final ByteBuffer out = ByteBuffer.allocate(MESSAGE_BYTES_MAX).order(ByteOrder.nativeOrder());

    NetlinkWriter(int type, int sequence, int command, int version) {
        out.putInt(0)
                .putShort((short) type)
                .putShort((short) (FLAG_REQUEST | FLAG_ACK))
                .putInt(sequence)
                .putInt(0);
        out.put((byte) command).put((byte) version).putShort((short) 0);
    }

    NetlinkWriter u32(int type, int value) {
        header(type, Integer.BYTES);
        out.putInt(value);
        return this;
    }

    NetlinkWriter u64(int type, long value) {
        header(type, Long.BYTES);
        out.putLong(value);
        return this;
    }

    /** A string with its terminating NUL. */
    NetlinkWriter string(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        header(type, bytes.length + 1);
        out.put(bytes).put((byte) 0);
        while (out.position() % 4 != 0) {
            out.put((byte) 0);
        }
        return this;
    }

    /** Opens a nested attribute; returns the mark that {@link #end} takes. */
    int begin(int type) {
        int mark = out.position();
        header(type | NESTED, 0);
        return mark;
    }

    NetlinkWriter end(int mark) {
        out.putShort(mark, (short) (out.position() - mark));
        return this;
    }

    /** The whole message. */
    byte[] toBytes() {
        out.putInt(0, out.position());
        byte[] message = new byte[out.position()];
        out.get(0, message);
        return message;
    }

    private void header(int type, int payloadBytes) {
        out.putShort((short) (ATTRIBUTE_HEADER_LENGTH + payloadBytes)).putShort((short) type);
    }
}
