package io.lunbridge.faults;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One PDU as it was on the wire (RFC 7143 11.2): basic header of 48 bytes, additional headers, header digest, data
 * segment padded to four bytes, data digest.
 */
final class Pdu {

    private static final int HEADER_BYTES = 48;
    private static final int DIGEST_BYTES = 4;
    private static final int LOGIN_REQUEST = 0x03;
    private static final int LOGIN_RESPONSE = 0x23;
    private static final int FULL_FEATURE_NEXT = 0x83;

    private final byte[] bytes;
    private final boolean headerDigest;
    private final boolean dataDigest;

    private Pdu(byte[] bytes, boolean headerDigest, boolean dataDigest) {
        this.bytes = bytes;
        this.headerDigest = headerDigest;
        this.dataDigest = dataDigest;
    }

    /** The next one; null where the stream ends between two. */
    static @Nullable Pdu read(DataInputStream in, Digests digests) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        byte[] header = new byte[HEADER_BYTES];
        header[0] = (byte) first;
        in.readFully(header, 1, HEADER_BYTES - 1);
        boolean login = isLogin(header);
        boolean headerDigest = !login && digests.onHeaders();
        boolean dataDigest = !login && digests.onData();
        int data = dataLength(header);
        int padded = (data + 3) / 4 * 4;
        int rest = (header[4] & 0xff) * 4
                + (headerDigest ? DIGEST_BYTES : 0)
                + padded
                + (dataDigest && data > 0 ? DIGEST_BYTES : 0);
        byte[] bytes = Arrays.copyOf(header, HEADER_BYTES + rest);
        readRest(in, bytes, rest);
        return new Pdu(bytes, headerDigest, dataDigest);
    }

    private static void readRest(DataInputStream in, byte[] bytes, int rest) throws IOException {
        try {
            in.readFully(bytes, HEADER_BYTES, rest);
        } catch (EOFException e) {
            throw new EOFException("within a PDU of " + bytes.length + " bytes");
        }
    }

    private static boolean isLogin(byte[] header) {
        int opcode = header[0] & 0x3f;
        return opcode == LOGIN_REQUEST || opcode == LOGIN_RESPONSE;
    }

    private static int dataLength(byte[] header) {
        return ByteBuffer.wrap(header).getInt(4) & 0xffffff;
    }

    /** The wire's bytes; whoever changes them changes the PDU. */
    byte[] bytes() {
        return bytes;
    }

    boolean isLogin() {
        return isLogin(bytes);
    }

    /** Whether it is the response that ends the login, successfully. */
    boolean endsLogin() {
        return (bytes[0] & 0x3f) == LOGIN_RESPONSE
                && (bytes[1] & FULL_FEATURE_NEXT) == FULL_FEATURE_NEXT
                && bytes[36] == 0;
    }

    boolean hasHeaderDigest() {
        return headerDigest;
    }

    boolean hasDataDigest() {
        return dataDigest;
    }

    /** Without padding. */
    int dataLength() {
        return dataLength(bytes);
    }

    /** Where the data segment begins. */
    int dataOffset() {
        return HEADER_BYTES + (bytes[4] & 0xff) * 4 + (headerDigest ? DIGEST_BYTES : 0);
    }

    /** Turns over a bit of the basic header. */
    void corruptHeader(int position) {
        bytes[position / 8 % HEADER_BYTES] ^= (byte) (1 << position % 8);
    }

    /** Turns over a bit of the data segment, which must not be empty. */
    void corruptData(int position) {
        bytes[dataOffset() + position / 8 % dataLength()] ^= (byte) (1 << position % 8);
    }
}
