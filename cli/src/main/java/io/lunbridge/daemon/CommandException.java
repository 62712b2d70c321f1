package io.lunbridge.daemon;

import java.io.Serial;

/** A command cannot go on. The message is one sentence for the user: what is wrong, then what to do about it. */
public final class CommandException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String sentence;

    public CommandException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
        this.sentence = message;
    }

    public CommandException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.sentence = message;
    }

    /** The message. */
    public String sentence() {
        return sentence;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
