package io.lunbridge.nbd.protocol;

/** Request types (NBD "Request types") and their flags (NBD "Command flags"). */
public final class Command {

    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int DISC = 2;
    public static final int FLUSH = 3;
    public static final int TRIM = 4;
    public static final int CACHE = 5;
    public static final int WRITE_ZEROES = 6;
    public static final int BLOCK_STATUS = 7;

    public static final int FLAG_FUA = 1;
    public static final int FLAG_NO_HOLE = 1 << 1;
    public static final int FLAG_DF = 1 << 2;
    public static final int FLAG_REQ_ONE = 1 << 3;
    public static final int FLAG_FAST_ZERO = 1 << 4;

    private Command() {}

    /** Whether the command changes the medium, and so is not for read-only exports. */
    public static boolean modifies(int command) {
        return command == WRITE || command == TRIM || command == WRITE_ZEROES;
    }
}
