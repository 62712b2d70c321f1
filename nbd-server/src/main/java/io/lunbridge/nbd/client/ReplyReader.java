package io.lunbridge.nbd.client;

import io.lunbridge.nbd.protocol.SimpleReply;
import io.lunbridge.nbd.protocol.StructuredReply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the reply to the one request that is out, in either of the protocol's two forms. */
final class ReplyReader {

    private static final int ERROR_CHUNK_BYTES_MAX = 8192;

    private final BlockingStream stream;
    private final boolean structured;

    ReplyReader(BlockingStream stream, boolean structured) {
        this.stream = stream;
        this.structured = structured;
    }

    /** Waits for the reply to a request that brings no data. */
    void awaitSuccess(long cookie) throws IOException {
        awaitData(cookie, 0, ByteBuffer.allocate(0));
    }

    /** Waits for the reply to a READ and fills {@code into} from it. */
    void awaitData(long cookie, long offsetBytes, ByteBuffer into) throws IOException {
        ByteBuffer start = stream.read(Integer.BYTES);
        int magic = start.getInt();
        if (magic == SimpleReply.MAGIC) {
            simple(cookie, into);
        } else if (magic == StructuredReply.MAGIC && structured) {
            chunks(cookie, offsetBytes, into);
        } else {
            throw outOfStep("bad magic");
        }
    }

    private void simple(long cookie, ByteBuffer into) throws IOException {
        ByteBuffer header = stream.read(SimpleReply.LENGTH - Integer.BYTES);
        int error = header.getInt();
        requireCookie(cookie, header.getLong());
        if (error != 0) {
            throw new NbdErrorException(error, "the NBD server answers with error " + error);
        }
        if (structured && into.hasRemaining()) {
            throw outOfStep("simple reply to a READ");
        }
        stream.read(into);
    }

    private void chunks(long cookie, long offsetBytes, ByteBuffer into) throws IOException {
        int missingBytes = into.remaining();
        NbdErrorException failure = null;
        boolean done = false;
        for (boolean first = true; !done; first = false) {
            if (!first && stream.read(Integer.BYTES).getInt() != StructuredReply.MAGIC) {
                throw outOfStep("bad magic");
            }
            ByteBuffer header = stream.read(StructuredReply.LENGTH - Integer.BYTES);
            done = (header.getShort() & StructuredReply.FLAG_DONE) != 0;
            int type = Short.toUnsignedInt(header.getShort());
            requireCookie(cookie, header.getLong());
            int payloadBytes = header.getInt();
            if ((type & StructuredReply.TYPE_ERROR_BIT) != 0) {
                failure = error(payloadBytes);
            } else {
                missingBytes -= content(type, payloadBytes, offsetBytes, into);
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (missingBytes != 0) {
            throw outOfStep("READ answered with another length");
        }
        into.position(into.limit());
    }

    /** Takes a content chunk, which may be any part of the data, and returns the length of that part. */
    private int content(int type, int payloadBytes, long offsetBytes, ByteBuffer into) throws IOException {
        if (type == StructuredReply.TYPE_NONE && payloadBytes == 0) {
            return 0;
        }
        boolean hole = type == StructuredReply.TYPE_OFFSET_HOLE;
        if ((!hole && type != StructuredReply.TYPE_OFFSET_DATA) || payloadBytes <= StructuredReply.OFFSET_LENGTH) {
            throw outOfStep("unexpected chunk of type " + type);
        }
        long at = stream.read(StructuredReply.OFFSET_LENGTH).getLong() - offsetBytes;
        int length = hole ? stream.read(Integer.BYTES).getInt() : payloadBytes - StructuredReply.OFFSET_LENGTH;
        if (at < 0 || length < 0 || length > into.remaining() - at) {
            throw outOfStep("chunk outside the READ");
        }
        ByteBuffer part = into.slice(into.position() + (int) at, length);
        if (hole) {
            part.put(new byte[length]);
        } else {
            stream.read(part);
        }
        return length;
    }

    private NbdErrorException error(int payloadBytes) throws IOException {
        if (payloadBytes < StructuredReply.ERROR_LENGTH || payloadBytes > ERROR_CHUNK_BYTES_MAX) {
            throw outOfStep("impossible error chunk");
        }
        ByteBuffer payload = stream.read(payloadBytes);
        int error = payload.getInt();
        int textBytes = Math.min(Short.toUnsignedInt(payload.getShort()), payload.remaining());
        String text = StandardCharsets.UTF_8
                .decode(payload.slice(payload.position(), textBytes))
                .toString();
        return new NbdErrorException(error, "the NBD server answers with error " + error + ": " + text);
    }

    private static void requireCookie(long expected, long received) throws IOException {
        if (expected != received) {
            throw outOfStep("reply to another request");
        }
    }

    private static IOException outOfStep(String what) {
        return new IOException("the NBD server is out of step: " + what);
    }
}
