package io.lunbridge.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A capture file of TCP segments that never were on a wire: one segment, and one connection, per PDU. */
final class Pcap {

    private static final int ISCSI_PORT = 3260;
    private static final int FIRST_OTHER_PORT = 40000;
    private static final int LINK_TYPE_IPV4 = 228;
    private static final int IP_BYTES = 20;
    private static final int TCP_BYTES = 20;
    private static final int LOOPBACK = 0x7f000001;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private int segments;

    Pcap() {
        ByteBuffer header = ByteBuffer.allocate(24);
        header.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4);
        header.putInt(0).putInt(0).putInt(1 << 20).putInt(LINK_TYPE_IPV4);
        file.writeBytes(header.array());
    }

    /** Adds a PDU on its way to the target, or from it. */
    void add(byte[] pdu, boolean fromTarget) {
        int lengthBytes = IP_BYTES + TCP_BYTES + pdu.length;
        int other = FIRST_OTHER_PORT + segments++;
        ByteBuffer packet = ByteBuffer.allocate(16 + lengthBytes);
        packet.putInt(segments).putInt(0).putInt(lengthBytes).putInt(lengthBytes);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) lengthBytes).putInt(0);
        packet.put((byte) 64).put((byte) 6).putShort((short) 0).putInt(LOOPBACK).putInt(LOOPBACK);
        packet.putShort((short) (fromTarget ? ISCSI_PORT : other));
        packet.putShort((short) (fromTarget ? other : ISCSI_PORT));
        packet.putInt(1)
                .putInt(1)
                .putShort((short) 0x5018)
                .putShort((short) 0xffff)
                .putInt(0);
        packet.put(pdu);
        file.writeBytes(packet.array());
    }

    byte[] bytes() {
        return file.toByteArray();
    }
}
