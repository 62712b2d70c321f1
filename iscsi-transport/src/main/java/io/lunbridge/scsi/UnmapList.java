package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/** Writes the parameter list of UNMAP: a header, then descriptors (SBC-3 5.28.2). */
public final class UnmapList {

    private static final int HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;

    private UnmapList() {}

    /** The list's size with that many descriptors. */
    public static int bytes(int descriptors) {
        return HEADER_BYTES + descriptors * DESCRIPTOR_BYTES;
    }

    /** Begins a list; {@code descriptors} is how many {@link #descriptor} calls follow */
    public static void header(ByteBuf out, int descriptors) {
        out.writeShort(bytes(descriptors) - 2);
        out.writeShort(descriptors * DESCRIPTOR_BYTES);
        out.writeInt(0);
    }

    /** Adds one run; {@code blocks} is an unsigned 32-bit count. */
    public static void descriptor(ByteBuf out, long lba, long blocks) {
        out.writeLong(lba);
        out.writeInt((int) blocks);
        out.writeInt(0);
    }
}
