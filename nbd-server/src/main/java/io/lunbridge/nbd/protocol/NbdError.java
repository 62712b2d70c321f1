package io.lunbridge.nbd.protocol;

import io.lunbridge.block.BlockError;

/** The error values that may stand in a reply, and no others (NBD "Error values"). */
public enum NbdError {
    EPERM(1),
    EIO(5),
    ENOMEM(12),
    EINVAL(22),
    ENOSPC(28),
    EOVERFLOW(75),
    ENOTSUP(95),
    ESHUTDOWN(108);

    private final int number;

    NbdError(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /**
     * What a device's failure is called in the reply to a command.
     *
     * <p>The command matters twice: ENOSPC is said only of commands that need space, and ENOTSUP only of a
     * WRITE_ZEROES that was to be fast; clients take either for something else otherwise.
     */
    public static NbdError of(BlockError error, int command, int commandFlags) {
        return switch (error) {
            case IO -> EIO;
            case INVALID -> EINVAL;
            case NOT_PERMITTED -> EPERM;
            case NO_SPACE -> needsSpace(command) ? ENOSPC : EINVAL;
            case UNSUPPORTED -> mayBeUnsupported(command, commandFlags) ? ENOTSUP : EINVAL;
            case NO_MEMORY -> ENOMEM;
            case SHUT_DOWN -> ESHUTDOWN;
        };
    }

    /** What a command is answered whose range does not lie in the export. */
    public static NbdError outOfRange(int command) {
        return needsSpace(command) ? ENOSPC : EINVAL;
    }

    private static boolean needsSpace(int command) {
        return command == Command.WRITE || command == Command.WRITE_ZEROES;
    }

    private static boolean mayBeUnsupported(int command, int commandFlags) {
        return command == Command.WRITE_ZEROES && (commandFlags & Command.FLAG_FAST_ZERO) != 0;
    }
}
