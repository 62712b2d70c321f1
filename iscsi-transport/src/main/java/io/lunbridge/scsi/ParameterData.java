package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Reads big-endian fields at offsets from the reader index; what lies beyond the readable bytes is zero. */
final class ParameterData {

    private ParameterData() {}

    static int u8(ByteBuf data, int offset) {
        return offset < data.readableBytes() ? data.getUnsignedByte(data.readerIndex() + offset) : 0;
    }

    static int u16(ByteBuf data, int offset) {
        return u8(data, offset) << 8 | u8(data, offset + 1);
    }

    static long u32(ByteBuf data, int offset) {
        return (long) u16(data, offset) << 16 | u16(data, offset + 2);
    }

    static long u64(ByteBuf data, int offset) {
        return u32(data, offset) << 32 | u32(data, offset + 4);
    }

    static boolean bit(ByteBuf data, int offset, int mask) {
        return (u8(data, offset) & mask) != 0;
    }

    /** Text padded with blanks or NULs at either end; at most what is there. */
    static String ascii(ByteBuf data, int offset, int length) {
        int there = Math.max(0, Math.min(length, data.readableBytes() - offset));
        String padded = data.toString(data.readerIndex() + offset, there, StandardCharsets.US_ASCII);
        return padded.replace('\0', ' ').strip();
    }

    /** Clips {@code claimed} bytes from {@code offset} to those that are there. */
    static ByteBuf slice(ByteBuf data, int offset, long claimed) {
        int there = Math.max(0, data.readableBytes() - offset);
        return there == 0
                ? data.slice(data.readerIndex(), 0)
                : data.slice(data.readerIndex() + offset, (int) Math.min(claimed, there));
    }
}
