package io.lunbridge.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The request message without its payload (NBD "Request message").
 *
 * <pre>
 *   0        4       6      8                16               24       28
 *   | magic  | flags | type | cookie         | offset         | length |
 * </pre>
 */
public final class RequestHeader {

    public static final int LENGTH = 28;
    public static final int MAGIC = 0x25609513;

    static final int MAGIC_OFFSET = 0;
    static final int FLAGS_OFFSET = 4;
    static final int TYPE_OFFSET = 6;
    static final int COOKIE_OFFSET = 8;
    static final int POSITION_OFFSET = 16;
    static final int LENGTH_OFFSET = 24;

    private RequestHeader() {}

    public static int magic(ByteBuf header, int index) {
        return header.getInt(index + MAGIC_OFFSET);
    }

    public static int flags(ByteBuf header, int index) {
        return header.getUnsignedShort(index + FLAGS_OFFSET);
    }

    public static int type(ByteBuf header, int index) {
        return header.getUnsignedShort(index + TYPE_OFFSET);
    }

    /** Opaque: goes back byte for byte. */
    public static long cookie(ByteBuf header, int index) {
        return header.getLong(index + COOKIE_OFFSET);
    }

    /** Unsigned 64 bits: a negative value is an offset beyond any device. */
    public static long offsetBytes(ByteBuf header, int index) {
        return header.getLong(index + POSITION_OFFSET);
    }

    /** 0 to 2³² − 1. */
    public static long lengthBytes(ByteBuf header, int index) {
        return header.getUnsignedInt(index + LENGTH_OFFSET);
    }

    /** Appends a whole header; the length is the low 32 bits of {@code lengthBytes}. */
    public static void encode(ByteBuf out, int flagsAndType, long cookie, long offsetBytes, long lengthBytes) {
        out.writeInt(MAGIC);
        out.writeInt(flagsAndType);
        out.writeLong(cookie);
        out.writeLong(offsetBytes);
        out.writeInt((int) lengthBytes);
    }
}
