package io.lunbridge.iscsi.negotiation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text on its way to the peer, cut into data segments no longer than the peer takes. */
public final class TextOutput {

    private byte[] text = {};
    private int sentBytes;

    /** Queues pairs behind what is not taken yet. */
    public void add(List<KeyValue> pairs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(text, sentBytes, text.length - sentBytes);
        for (KeyValue pair : pairs) {
            bytes.writeBytes(pair.toString().getBytes(StandardCharsets.UTF_8));
            bytes.write(0);
        }
        text = bytes.toByteArray();
        sentBytes = 0;
    }

    /** Whether all text has been taken: the PDU with the last segment has C=0. */
    public boolean isEmpty() {
        return sentBytes == text.length;
    }

    /** Takes the next data segment, at most {@code maxBytes} long and empty if there is no text; the caller's. */
    public ByteBuf take(int maxBytes) {
        int n = Math.min(maxBytes, text.length - sentBytes);
        ByteBuf segment = n == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(text, sentBytes, n);
        sentBytes += n;
        return segment;
    }
}
