package io.lunbridge.nbd.wire;

/** The client's requests as bytes. */
public final class Requests {

    public static final int FUA = 1;
    public static final int NO_HOLE = 2;
    public static final int DF = 4;
    public static final int REQ_ONE = 8;
    public static final int FAST_ZERO = 16;

    private Requests() {}

    public static byte[] read(long cookie, long offset, long length) {
        return request(0, 0, cookie, offset, length);
    }

    public static byte[] write(long cookie, long offset, byte[] data) {
        return Bytes.join(request(0, 1, cookie, offset, data.length), data);
    }

    public static byte[] writeFua(long cookie, long offset, byte[] data) {
        return Bytes.join(request(FUA, 1, cookie, offset, data.length), data);
    }

    public static byte[] disc() {
        return request(0, 2, 0, 0, 0);
    }

    public static byte[] flush(long cookie) {
        return request(0, 3, cookie, 0, 0);
    }

    public static byte[] trim(int flags, long cookie, long offset, long length) {
        return request(flags, 4, cookie, offset, length);
    }

    public static byte[] cache(long cookie, long offset, long length) {
        return request(0, 5, cookie, offset, length);
    }

    public static byte[] zeroes(int flags, long cookie, long offset, long length) {
        return request(flags, 6, cookie, offset, length);
    }

    public static byte[] blockStatus(int flags, long cookie, long offset, long length) {
        return request(flags, 7, cookie, offset, length);
    }

    /** Any request, without its payload. */
    public static byte[] request(int flags, int type, long cookie, long offset, long length) {
        return new Bytes()
                .u32(0x25609513L)
                .u16(flags)
                .u16(type)
                .u64(cookie)
                .u64(offset)
                .u32(length)
                .toArray();
    }
}
