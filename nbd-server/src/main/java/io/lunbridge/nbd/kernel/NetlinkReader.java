package io.lunbridge.nbd.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Walks the messages of one datagram from the kernel, and the attributes of a message. */
final class NetlinkReader {

    /** The message that ends an exchange: an errno, negative, or 0 for the ACK. */
    static final int TYPE_ERROR = 2;

    private static final int TYPE_MASK = 0x3fff;

    private final ByteBuffer in;
    private int start;
    private int end;

    /** Reads the first {@code lengthBytes} of {@code datagram}. */
    NetlinkReader(byte[] datagram, int lengthBytes) {
        in = ByteBuffer.wrap(datagram, 0, lengthBytes).order(ByteOrder.nativeOrder());
    }

    /** Goes to the next message; false at the end, or where what is left is no whole message. */
    boolean next() {
        start = align(end);
        if (in.limit() - start < NetlinkWriter.HEADER_LENGTH) {
            return false;
        }
        int length = in.getInt(start);
        if (length < NetlinkWriter.HEADER_LENGTH || length > in.limit() - start) {
            return false;
        }
        end = start + length;
        return true;
    }

    int type() {
        return Short.toUnsignedInt(in.getShort(start + NetlinkWriter.TYPE_OFFSET));
    }

    int sequence() {
        return in.getInt(start + NetlinkWriter.SEQUENCE_OFFSET);
    }

    /** The errno of a {@link #TYPE_ERROR} message, positive; 0 is the ACK. */
    int errno() {
        return -in.getInt(start + NetlinkWriter.HEADER_LENGTH);
    }

    /** The payload of a top-level attribute of a generic message, or null if it is not there. */
    @Nullable
    ByteBuffer attribute(int type) {
        int at = start + NetlinkWriter.HEADER_LENGTH + NetlinkWriter.GENERIC_HEADER_LENGTH;
        while (end - at >= NetlinkWriter.ATTRIBUTE_HEADER_LENGTH) {
            int length = Short.toUnsignedInt(in.getShort(at));
            if (length < NetlinkWriter.ATTRIBUTE_HEADER_LENGTH || length > end - at) {
                return null;
            }
            if ((in.getShort(at + 2) & TYPE_MASK) == type) {
                int payload = at + NetlinkWriter.ATTRIBUTE_HEADER_LENGTH;
                return in.slice(payload, length - NetlinkWriter.ATTRIBUTE_HEADER_LENGTH)
                        .order(ByteOrder.nativeOrder());
            }
            at = align(at + length);
        }
        return null;
    }

    private static int align(int offset) {
        return (offset + 3) & ~3;
    }
}
