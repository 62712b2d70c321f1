package io.lunbridge.commands;

import io.lunbridge.daemon.Logging;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text and exit.")
    @SuppressWarnings("unused") // picocli reads it
    private boolean help;

    @Option(
            names = {"-v", "--verbose"},
            description = "Tell on standard error what happens; -vv tells everything.")
    private boolean[] verbose = new boolean[0];

    /** Called by each command before it does anything that may log. */
    void apply() {
        Logging.start(verbose.length);
    }

    /** The same for the daemon, whose log is all that tells of it. */
    void applyForDaemon() {
        Logging.start(1 + verbose.length);
    }
}
