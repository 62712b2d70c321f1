package io.lunbridge.daemon;

import java.io.PrintStream;

/**
 * Tells on a terminal what is being waited for: one line on standard error, replaced by the next and erased at the end.
 * Where standard error is no terminal, nothing is written. The launcher knows which; {@code lunbridge.terminal} says.
 */
public final class Progress implements AutoCloseable {

    private static final String TERMINAL_PROPERTY = "lunbridge.terminal";
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean terminal;
    private boolean shown;

    Progress(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    public static Progress onStandardError() {
        return new Progress(System.err, Boolean.getBoolean(TERMINAL_PROPERTY));
    }

    /** Shows nothing from now on, terminal or not. */
    static void never() {
        System.clearProperty(TERMINAL_PROPERTY);
    }

    /** Shows what is being done now, in place of what was shown before. */
    public void step(String what) {
        if (terminal) {
            err.print(ERASE_LINE + what + " …");
            err.flush();
            shown = true;
        }
    }

    /** Erases the line. */
    @Override
    public void close() {
        if (shown) {
            err.print(ERASE_LINE);
            err.flush();
            shown = false;
        }
    }
}
