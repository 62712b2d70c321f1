package io.lunbridge.daemon;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A command cannot go on. The message is one sentence for the user: what is wrong, then what to do about it. */
public final class CommandException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The iSCSI error of a failure for which open-iscsi has no number. */
    public static final int NO_ISCSI_ERROR = 0;

    private final ExitCode exitCode;
    private final String sentence;
    private final int iscsiError;

    public CommandException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
        this.sentence = message;
        iscsiError = NO_ISCSI_ERROR;
    }

    public CommandException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.sentence = message;
        iscsiError = NO_ISCSI_ERROR;
    }

    /** A failure for which open-iscsi has a number, from 1 to 33. */
    public CommandException(int iscsiError, String message, @Nullable Throwable cause) {
        super(message, cause);
        exitCode = ExitCode.FAILURE;
        sentence = message;
        this.iscsiError = iscsiError;
    }

    /** The message. */
    public String sentence() {
        return sentence;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** Open-iscsi's number of the failure, or {@link #NO_ISCSI_ERROR}. */
    public int iscsiError() {
        return iscsiError;
    }
}
