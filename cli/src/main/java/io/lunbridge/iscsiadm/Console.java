package io.lunbridge.iscsiadm;

import java.io.PrintStream;

/**
 * Where a command's words go (2.3): results and what is told on success to standard output as they are, everything else to
 * standard error behind the program's name. Nothing goes to standard error when all is well (CR-1).
 */
final class Console {

    static final String PROGRAM = "iscsiadm";

    private final PrintStream out;
    private final PrintStream err;
    private int debugLevel;

    Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** A line of a result. */
    void print(String line) {
        out.append(line).append('\n');
    }

    /** A result that ends its lines itself. */
    void printAll(CharSequence lines) {
        out.append(lines);
    }

    /** A line on what is wrong. Results so far are shown before it. */
    void error(String line) {
        out.flush();
        err.append(PROGRAM).append(": ").append(line).append('\n');
        err.flush();
    }

    /** How much is told beside the results (M-19): 0 for nothing, and any more for all there is. */
    void setDebugLevel(int level) {
        debugLevel = level;
    }

    boolean isDebugging() {
        return debugLevel > 0;
    }

    /** A line for who looks for a fault, on standard error. */
    void debug(String line) {
        if (isDebugging()) {
            error(line);
        }
    }

    /** What the initiator said, below the line of the operation that failed. */
    void initiatorError(ErrorCode error) {
        error("initiator reported error (" + error.number() + " - " + error.text() + ")");
    }

    /** Where to find help; without the program's name before it. */
    void tryHelp() {
        out.flush();
        err.append("Try `").append(PROGRAM).append(" --help' for more information.\n");
        err.flush();
    }

    void flush() {
        out.flush();
    }
}
