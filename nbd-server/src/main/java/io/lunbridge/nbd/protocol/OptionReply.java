package io.lunbridge.nbd.protocol;

/** Reply types of the handshake (NBD "Option reply types"); bit 31 marks an error. */
public final class OptionReply {

    public static final int ACK = 1;
    public static final int SERVER = 2;
    public static final int INFO = 3;
    public static final int META_CONTEXT = 4;

    public static final int ERROR_BIT = 1 << 31;
    public static final int ERR_UNSUP = ERROR_BIT | 1;
    public static final int ERR_POLICY = ERROR_BIT | 2;
    public static final int ERR_INVALID = ERROR_BIT | 3;
    public static final int ERR_UNKNOWN = ERROR_BIT | 6;
    public static final int ERR_SHUTDOWN = ERROR_BIT | 7;
    public static final int ERR_TOO_BIG = ERROR_BIT | 9;

    private OptionReply() {}
}
