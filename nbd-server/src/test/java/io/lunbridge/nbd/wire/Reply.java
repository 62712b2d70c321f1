package io.lunbridge.nbd.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A reply in the transmission phase, read from bytes.
 *
 * @param type of a chunk; −1 for a simple reply
 * @param flags of a chunk
 * @param error of a simple reply or an error chunk, else 0
 * @param data of a READ, or the payload of a chunk of any other type
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record Reply(int type, int flags, long cookie, int error, byte[] data) {

    public static final int SIMPLE = -1;
    public static final int NONE = 0;
    public static final int OFFSET_DATA = 1;
    public static final int BLOCK_STATUS = 5;
    public static final int ERROR = 0x8001;

    /**
     * Cuts a whole stream into replies.
     *
     * @param readLengths for each cookie of a READ that may be answered simply, its length
     */
    public static List<Reply> all(byte[] stream, Map<Long, Integer> readLengths) {
        ByteBuffer in = ByteBuffer.wrap(stream);
        List<Reply> replies = new ArrayList<>();
        while (in.hasRemaining()) {
            int magic = in.getInt();
            if (magic == 0x67446698) {
                replies.add(simple(in, readLengths));
            } else if (magic == 0x668e33ef) {
                replies.add(chunk(in));
            } else {
                throw new AssertionError("magic " + Integer.toHexString(magic) + " after " + replies);
            }
        }
        return replies;
    }

    /** The offset that an OFFSET_DATA chunk names. */
    public long offset() {
        return ByteBuffer.wrap(data).getLong();
    }

    /** The data of an OFFSET_DATA chunk or a simple reply. */
    public byte[] content() {
        return type == SIMPLE ? data : java.util.Arrays.copyOfRange(data, 8, data.length);
    }

    /** The text of an error chunk. */
    public String message() {
        int length = Short.toUnsignedInt(ByteBuffer.wrap(data).getShort(4));
        if (length != data.length - 6) {
            throw new AssertionError("message length " + length + " in a payload of " + data.length);
        }
        return new String(data, 6, length, StandardCharsets.UTF_8);
    }

    private static Reply simple(ByteBuffer in, Map<Long, Integer> readLengths) {
        int error = in.getInt();
        long cookie = in.getLong();
        byte[] data = new byte[error == 0 ? readLengths.getOrDefault(cookie, 0) : 0];
        in.get(data);
        return new Reply(SIMPLE, 0, cookie, error, data);
    }

    private static Reply chunk(ByteBuffer in) {
        int flags = in.getShort();
        int type = Short.toUnsignedInt(in.getShort());
        long cookie = in.getLong();
        byte[] payload = new byte[in.getInt()];
        in.get(payload);
        int error = type >= 0x8000 ? ByteBuffer.wrap(payload).getInt() : 0;
        return new Reply(type, flags, cookie, error, payload);
    }
}
