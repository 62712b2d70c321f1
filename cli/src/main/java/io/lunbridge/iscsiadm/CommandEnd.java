package io.lunbridge.iscsiadm;

/** Ends a command, of which the user has been told all that there is to tell. */
final class CommandEnd extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandEnd(int exitCode) {
        super("exit code " + exitCode, null, false, false);
        this.exitCode = exitCode;
    }

    CommandEnd(ErrorCode error) {
        this(error.number());
    }

    int exitCode() {
        return exitCode;
    }
}
