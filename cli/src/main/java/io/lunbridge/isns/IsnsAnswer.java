package io.lunbridge.isns;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads an answer, which may come in several PDUs (RFC 4171 section 5.1), and what it says of success. */
final class IsnsAnswer {

    static final int HEADER_BYTES = 12;

    /** Some ten thousand portals. */
    static final int MAX_BYTES = 4 << 20;

    private static final int IS_ANSWER = 0x8000;
    private static final int LAST = 0x0800;
    private static final int MAX_16_BITS = 0xffff;

    private IsnsAnswer() {}

    /**
     * The attributes behind the key.
     *
     * @throws IOException if the connection breaks, ends, or is silent for too long
     */
    static ByteBuffer read(InputStream in) throws IOException, IsnsException {
        ByteBuffer payload = ByteBuffer.wrap(payload(in));
        if (payload.remaining() < Integer.BYTES) {
            throw malformed("no status");
        }
        int status = payload.getInt();
        if (status != IsnsStatus.SUCCESS) {
            throw IsnsException.refusal(status);
        }
        while (payload.hasRemaining()) {
            if (next(payload) == Tags.DELIMITER) {
                return payload;
            }
        }
        throw malformed("no end of its key");
    }

    /** Passes over an attribute, and tells its tag. */
    private static int next(ByteBuffer attributes) throws IsnsException {
        int tag = tag(attributes);
        value(attributes);
        return tag;
    }

    /** The next attribute's tag. */
    static int tag(ByteBuffer attributes) throws IsnsException {
        if (attributes.remaining() < 2 * Integer.BYTES) {
            throw malformed("half an attribute");
        }
        return attributes.getInt();
    }

    /** The value behind a tag; empty if it is not set. */
    static ByteBuffer value(ByteBuffer attributes) throws IsnsException {
        int lengthBytes = attributes.getInt();
        if (lengthBytes < 0 || lengthBytes > attributes.remaining()) {
            throw malformed("an attribute of " + Integer.toUnsignedString(lengthBytes) + " bytes");
        }
        ByteBuffer value = attributes.slice(attributes.position(), lengthBytes);
        attributes.position(attributes.position() + lengthBytes);
        return value;
    }

    private static byte[] payload(InputStream in) throws IOException, IsnsException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        boolean isLast = false;
        for (int sequence = 0; !isLast; sequence++) {
            ByteBuffer header = ByteBuffer.wrap(exactly(in, HEADER_BYTES));
            int version = unsigned(header);
            int function = unsigned(header);
            int lengthBytes = unsigned(header);
            int flags = unsigned(header);
            if (version != IsnsRequest.VERSION || function != (IsnsRequest.QUERY | IS_ANSWER)) {
                throw malformed("version " + version + ", function " + function);
            }
            if (unsigned(header) != IsnsRequest.TRANSACTION || unsigned(header) != (sequence & MAX_16_BITS)) {
                throw malformed("it is of another message");
            }
            if (whole.size() + lengthBytes > MAX_BYTES || sequence > MAX_16_BITS) {
                throw malformed("it is longer than " + MAX_BYTES + " bytes");
            }
            whole.writeBytes(exactly(in, lengthBytes));
            isLast = (flags & LAST) != 0;
        }
        return whole.toByteArray();
    }

    private static int unsigned(ByteBuffer header) {
        return header.getShort() & MAX_16_BITS;
    }

    private static byte[] exactly(InputStream in, int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw new EOFException("it hung up within its answer");
        }
        return read;
    }

    static IsnsException malformed(String what) {
        return IsnsException.of("the iSNS server's answer cannot be read: " + what);
    }
}
