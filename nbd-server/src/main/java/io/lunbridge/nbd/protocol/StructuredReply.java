package io.lunbridge.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The header of a structured reply's chunk (NBD "Structured reply chunk message").
 *
 * <pre>
 *   0        4       6      8                16       20
 *   | magic  | flags | type | cookie         | length | payload ...
 * </pre>
 */
public final class StructuredReply {

    public static final int LENGTH = 20;
    public static final int MAGIC = 0x668e33ef;

    /** No further chunk of this reply follows. */
    public static final int FLAG_DONE = 1;

    public static final int TYPE_NONE = 0;
    public static final int TYPE_OFFSET_DATA = 1;
    public static final int TYPE_OFFSET_HOLE = 2;
    public static final int TYPE_BLOCK_STATUS = 5;
    public static final int TYPE_ERROR_BIT = 1 << 15;
    public static final int TYPE_ERROR = TYPE_ERROR_BIT | 1;
    public static final int TYPE_ERROR_OFFSET = TYPE_ERROR_BIT | 2;

    /** What precedes the data of an OFFSET_DATA chunk. */
    public static final int OFFSET_LENGTH = 8;
    /** What precedes the message of an ERROR chunk: error and message length. */
    public static final int ERROR_LENGTH = 6;

    private StructuredReply() {}

    /** Appends the header of a reply's only or last chunk. */
    public static void encodeLast(ByteBuf out, int type, long cookie, int payloadBytes) {
        out.writeInt(MAGIC);
        out.writeShort(FLAG_DONE);
        out.writeShort(type);
        out.writeLong(cookie);
        out.writeInt(payloadBytes);
    }
}
