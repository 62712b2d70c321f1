package io.lunbridge.isns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The question for all targets, with their portals and portal groups: a DevAttrQry (RFC 4171 section 5.6.5.2). */
final class IsnsRequest {

    static final int VERSION = 1;
    static final int QUERY = 2;

    /** The only message on its connection. */
    static final int TRANSACTION = 1;

    private static final int FLAGS = 0x8000 | 0x0800 | 0x0400;
    private static final int ATTRIBUTE_HEADER_BYTES = 8;

    private static final int[] ASKED_FOR = {
        Tags.NODE_NAME,
        Tags.NODE_TYPE,
        Tags.PORTAL_ADDRESS,
        Tags.PORTAL_PORT,
        Tags.GROUP_NODE_NAME,
        Tags.GROUP_ADDRESS,
        Tags.GROUP_PORT,
        Tags.GROUP_TAG
    };

    private IsnsRequest() {}

    /** @param initiatorName who asks; the server tells of what its discovery domains show to that name */
    static byte[] targets(String initiatorName) {
        byte[] source = padded(initiatorName);
        int payloadBytes = source.length + Integer.BYTES + (3 + ASKED_FOR.length) * ATTRIBUTE_HEADER_BYTES;
        ByteBuffer message = ByteBuffer.allocate(IsnsAnswer.HEADER_BYTES + payloadBytes);
        message.putShort((short) VERSION).putShort((short) QUERY);
        message.putShort((short) payloadBytes).putShort((short) FLAGS);
        message.putShort((short) TRANSACTION).putShort((short) 0);
        message.putInt(Tags.NODE_NAME).putInt(source.length).put(source);
        message.putInt(Tags.NODE_TYPE).putInt(Integer.BYTES).putInt(Tags.TARGET);
        message.putInt(Tags.DELIMITER).putInt(0);
        for (int tag : ASKED_FOR) {
            message.putInt(tag).putInt(0);
        }
        return message.array();
    }

    /** With a zero at its end, and a length that four divides. */
    private static byte[] padded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length / Integer.BYTES * Integer.BYTES + Integer.BYTES);
    }
}
