package io.lunbridge.nbd.protocol;

/** Magic numbers and flags of the fixed newstyle handshake (NBD "Fixed newstyle negotiation"). */
public final class Handshake {

    /** The server's first word, ASCII "NBDMAGIC". */
    public static final long INIT_PASSWD = 0x4e42444d41474943L;
    /** The server's second word and the start of each option, ASCII "IHAVEOPT". */
    public static final long OPTS_MAGIC = 0x49484156454F5054L;
    /** The start of each reply to an option. */
    public static final long REP_MAGIC = 0x3e889045565a9L;

    /** Handshake flag, and at the same bit the client's answer to it. */
    public static final int FLAG_FIXED_NEWSTYLE = 1;
    /** Handshake flag, and at the same bit the client's answer to it. */
    public static final int FLAG_NO_ZEROES = 1 << 1;

    /** Magic, option, length. */
    public static final int OPTION_HEADER_BYTES = 16;
    /** Magic, option, reply type, length. */
    public static final int OPTION_REPLY_HEADER_BYTES = 20;
    /** What follows size and flags after OPT_EXPORT_NAME unless NO_ZEROES was negotiated. */
    public static final int EXPORT_NAME_ZEROES = 124;
    /** The most bytes of any string (NBD "Conventions"). */
    public static final int STRING_BYTES_MAX = 4096;
    /** The size that both sides may take for granted as payload (NBD "Size constraints"). */
    public static final int DEFAULT_PAYLOAD_BYTES_MAX = 1 << 25;

    private Handshake() {}
}
