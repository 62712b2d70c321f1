package io.lunbridge.iscsi.negotiation;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers the text of one or several PDUs into one logical text data segment and reads its pairs (section 6.1). */
public final class TextInput {

    /** Bytes of text that one negotiation sequence may hold: what authentication asks us to support. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Characters of a key-name. */
    public static final int MAX_KEY_CHARACTERS = 63;

    /** Bytes of one value. */
    public static final int MAX_VALUE_BYTES = 8192;

    private byte[] text = new byte[512];
    private int lengthBytes;

    /** Whether text is waiting for its continuation. */
    public boolean isEmpty() {
        return lengthBytes == 0;
    }

    /** Adds a data segment; its bytes are copied. */
    public void add(ByteBuf segment) throws NegotiationException {
        int n = segment.readableBytes();
        if (n > MAX_BYTES - lengthBytes) {
            throw new NegotiationException("more than " + MAX_BYTES + " bytes of text");
        }
        if (n > text.length - lengthBytes) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, lengthBytes + n));
        }
        segment.getBytes(segment.readerIndex(), text, lengthBytes, n);
        lengthBytes += n;
    }

    /** The pairs of all that was added since the last call, in order. Stray delimiters are passed over. */
    public List<KeyValue> pairs() throws NegotiationException {
        List<KeyValue> pairs = new ArrayList<>();
        int end = lengthBytes;
        lengthBytes = 0;
        int from = 0;
        for (int at = 0; at < end; at++) {
            if (text[at] == 0) {
                if (at > from) {
                    pairs.add(pair(from, at));
                }
                from = at + 1;
            }
        }
        if (from < end) {
            throw new NegotiationException("text ends within a key=value pair");
        }
        return pairs;
    }

    private KeyValue pair(int from, int to) throws NegotiationException {
        int equals = from;
        while (equals < to && text[equals] != '=') {
            equals++;
        }
        if (equals == to) {
            throw new NegotiationException("text without a '='");
        }
        checkKey(from, equals);
        if (to - equals - 1 > MAX_VALUE_BYTES) {
            throw new NegotiationException("a value of " + (to - equals - 1) + " bytes");
        }
        return new KeyValue(
                new String(text, from, equals - from, StandardCharsets.US_ASCII),
                new String(text, equals + 1, to - equals - 1, StandardCharsets.UTF_8));
    }

    /** A standard-label: begins with a capital letter, then letters, digits and six signs. */
    private void checkKey(int from, int to) throws NegotiationException {
        int length = to - from;
        boolean startsWell = length > 0 && ((text[from] >= 'A' && text[from] <= 'Z') || isProtocolLevel(from, to));
        boolean valid = startsWell && length <= MAX_KEY_CHARACTERS;
        for (int at = from; valid && at < to; at++) {
            valid = isLabelCharacter(text[at]);
        }
        if (!valid) {
            throw new NegotiationException("malformed key name");
        }
    }

    /** iSCSIProtocolLevel is the one standard key that does not begin with a capital letter. */
    private boolean isProtocolLevel(int from, int to) {
        byte[] name = Key.PROTOCOL_LEVEL.text().getBytes(StandardCharsets.US_ASCII);
        return Arrays.equals(text, from, to, name, 0, name.length);
    }

    private static boolean isLabelCharacter(byte c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || ".-+@_#".indexOf(c) >= 0;
    }
}
