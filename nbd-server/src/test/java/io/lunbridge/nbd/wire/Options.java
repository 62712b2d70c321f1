package io.lunbridge.nbd.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The handshake's messages as bytes, in both directions. */
public final class Options {

    public static final int EXPORT_NAME = 1;
    public static final int ABORT = 2;
    public static final int LIST = 3;
    public static final int STARTTLS = 5;
    public static final int INFO = 6;
    public static final int GO = 7;
    public static final int STRUCTURED_REPLY = 8;
    public static final int LIST_META_CONTEXT = 9;
    public static final int SET_META_CONTEXT = 10;

    public static final long ACK = 1;
    public static final long SERVER = 2;
    public static final long REP_INFO = 3;
    public static final long META_CONTEXT = 4;
    public static final long ERR_UNSUP = 0x80000001L;
    public static final long ERR_INVALID = 0x80000003L;
    public static final long ERR_UNKNOWN = 0x80000006L;
    public static final long ERR_SHUTDOWN = 0x80000007L;
    public static final long ERR_TOO_BIG = 0x80000009L;

    private Options() {}

    /** One reply of the server's. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record OptionReply(int option, long type, byte[] data) {

        public String text() {
            return new String(data, StandardCharsets.UTF_8);
        }
    }

    public static byte[] clientFlags(int flags) {
        return new Bytes().u32(flags).toArray();
    }

    public static byte[] option(int option, byte[] data) {
        return new Bytes()
                .text("IHAVEOPT")
                .u32(option)
                .u32(data.length)
                .raw(data)
                .toArray();
    }

    public static byte[] option(int option) {
        return option(option, new byte[0]);
    }

    public static byte[] exportName(String name) {
        return option(EXPORT_NAME, name.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] go(String name, int... infos) {
        return option(GO, infoData(name, infos));
    }

    public static byte[] info(String name, int... infos) {
        return option(INFO, infoData(name, infos));
    }

    public static byte[] infoData(String name, int... infos) {
        Bytes data = new Bytes().counted(name).u16(infos.length);
        Arrays.stream(infos).forEach(data::u16);
        return data.toArray();
    }

    public static byte[] metaContext(int option, String name, String... queries) {
        Bytes data = new Bytes().counted(name).u32(queries.length);
        Arrays.stream(queries).forEach(data::counted);
        return option(option, data.toArray());
    }

    /** Cuts a stream of replies, which has to end with the last of them. */
    public static List<OptionReply> replies(byte[] stream) {
        List<OptionReply> replies = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(stream);
        while (in.hasRemaining()) {
            if (in.getLong() != 0x3e889045565a9L) {
                throw new AssertionError("bad magic after " + replies);
            }
            int option = in.getInt();
            long type = Integer.toUnsignedLong(in.getInt());
            byte[] data = new byte[in.getInt()];
            in.get(data);
            replies.add(new OptionReply(option, type, data));
        }
        return replies;
    }
}
