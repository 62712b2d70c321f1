package io.lunbridge.nbd.protocol;

import io.netty.buffer.ByteBuf;

/**
 * The simple reply's header; the data of a successful READ follows it (NBD "Simple reply message").
 *
 * <pre>
 *   0        4       8                16
 *   | magic  | error | cookie         |
 * </pre>
 */
public final class SimpleReply {

    public static final int LENGTH = 16;
    public static final int MAGIC = 0x67446698;

    private SimpleReply() {}

    /** Appends the header; {@code error} is 0 or {@link NbdError#number()}. */
    public static void encode(ByteBuf out, int error, long cookie) {
        out.writeInt(MAGIC);
        out.writeInt(error);
        out.writeLong(cookie);
    }
}
