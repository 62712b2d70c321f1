package io.lunbridge.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** NBD requests and replies as bytes, written from the standard's text. */
final class NbdWire {

    static final int READ = 0;
    static final int WRITE = 1;
    static final int DISC = 2;
    static final int FLUSH = 3;
    static final int TRIM = 4;
    static final int CACHE = 5;
    static final int WRITE_ZEROES = 6;
    static final int BLOCK_STATUS = 7;

    static final int FUA = 1;
    static final int NO_HOLE = 2;
    static final int FAST_ZERO = 16;

    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int SIMPLE_MAGIC = 0x67446698;
    private static final int STRUCTURED_MAGIC = 0x668e33ef;
    private static final int SIMPLE_BYTES = 16;
    private static final int CHUNK_BYTES = 20;
    private static final int OFFSET_DATA = 1;
    private static final int OFFSET_HOLE = 2;
    private static final int ERROR_BIT = 0x8000;

    private NbdWire() {}

    /** A request's header. */
    record Request(int type, int flags, long cookie, long offset, int length) {

        byte[] encode(byte[] payload) {
            ByteBuffer out = ByteBuffer.allocate(28 + payload.length);
            out.putInt(REQUEST_MAGIC).putShort((short) flags).putShort((short) type);
            out.putLong(cookie).putLong(offset).putInt(length).put(payload);
            return out.array();
        }
    }

    /** Told the replies, or the pieces of structured ones. */
    interface Listener {

        /** How many bytes follow a successful simple reply. */
        int dataLength(long cookie);

        /** Data of a read at this offset of the device. */
        void data(long cookie, long offset, byte[] bytes);

        /** A chunk that is neither data nor error nor empty. */
        void status(long cookie, ByteBuffer chunk);

        /** The reply is complete. Error 0 is success. A simple reply's data came before, at offset −1. */
        void done(long cookie, int error);
    }

    /** Cuts a stream of replies. */
    static final class Parser {

        private final Listener listener;
        private byte[] rest = new byte[0];
        private long failing;
        private int error;

        Parser(Listener listener) {
            this.listener = listener;
        }

        void feed(byte[] more) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            joined.writeBytes(rest);
            joined.writeBytes(more);
            ByteBuffer in = ByteBuffer.wrap(joined.toByteArray());
            boolean whole = true;
            while (whole && in.remaining() >= SIMPLE_BYTES) {
                in.mark();
                whole = in.getInt() == SIMPLE_MAGIC ? simple(in) : chunk(in.reset());
                if (!whole) {
                    in.reset();
                }
            }
            rest = new byte[in.remaining()];
            in.get(rest);
        }

        private boolean simple(ByteBuffer in) {
            int failure = in.getInt();
            long cookie = in.getLong();
            int length = failure == 0 ? listener.dataLength(cookie) : 0;
            byte[] data = take(in, length);
            if (data == null) {
                return false;
            }
            if (length > 0) {
                listener.data(cookie, -1, data);
            }
            listener.done(cookie, failure);
            return true;
        }

        private boolean chunk(ByteBuffer in) {
            if (in.remaining() < CHUNK_BYTES) {
                return false;
            }
            if (in.getInt() != STRUCTURED_MAGIC) {
                throw new AssertionError("no reply's magic");
            }
            boolean last = (in.getShort() & 1) != 0;
            int type = in.getShort() & 0xffff;
            long cookie = in.getLong();
            byte[] body = take(in, in.getInt());
            if (body == null) {
                return false;
            }
            content(type, cookie, ByteBuffer.wrap(body));
            if (last) {
                int failure = failing == cookie ? error : 0;
                failing = 0;
                listener.done(cookie, failure);
            }
            return true;
        }

        private void content(int type, long cookie, ByteBuffer body) {
            if ((type & ERROR_BIT) != 0) {
                failing = cookie;
                error = body.getInt();
            } else if (type == OFFSET_DATA) {
                long offset = body.getLong();
                byte[] data = new byte[body.remaining()];
                body.get(data);
                listener.data(cookie, offset, data);
            } else if (type == OFFSET_HOLE) {
                listener.data(cookie, body.getLong(), new byte[body.getInt()]);
            } else if (body.hasRemaining()) {
                listener.status(cookie, body);
            }
        }

        private static byte @Nullable [] take(ByteBuffer in, int length) {
            if (in.remaining() < length) {
                return null;
            }
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }
    }
}
