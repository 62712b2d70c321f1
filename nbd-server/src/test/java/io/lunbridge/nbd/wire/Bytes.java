package io.lunbridge.nbd.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes messages field by field as the standard's text lists them, knowing nothing of the product's layouts. */
public final class Bytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static byte[] join(byte[]... parts) {
        Bytes all = new Bytes();
        for (byte[] part : parts) {
            all.raw(part);
        }
        return all.toArray();
    }

    public Bytes u16(int value) {
        return raw(ByteBuffer.allocate(2).putShort((short) value).array());
    }

    public Bytes u32(long value) {
        return raw(ByteBuffer.allocate(4).putInt((int) value).array());
    }

    public Bytes u64(long value) {
        return raw(ByteBuffer.allocate(8).putLong(value).array());
    }

    public Bytes text(String value) {
        return raw(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A string after its 32-bit length. */
    public Bytes counted(String value) {
        return u32(value.getBytes(StandardCharsets.UTF_8).length).text(value);
    }

    public Bytes raw(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    public byte[] toArray() {
        return out.toByteArray();
    }

    /** Bytes that differ from one another and from those of another seed. */
    public static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }
}
