package io.lunbridge.commands;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import picocli.CommandLine.Option;

/** How long a loop looks for requests and answers before it sleeps. */
final class BusyPollOption {

    private static final int MAX_MICROS = 10_000;

    @Option(
            names = "--busy-poll",
            paramLabel = "MICROSECONDS",
            defaultValue = "0",
            description = {
                "Look for requests and answers for so long before sleeping (${DEFAULT-VALUE}: not at all). Shortens the",
                "latency of single requests where a CPU is to spare, such as 50; costs that CPU while there is traffic."
            })
    private int micros;

    /** Microseconds, 0 to 10,000. */
    int micros() throws CommandException {
        if (micros < 0 || micros > MAX_MICROS) {
            throw new CommandException(ExitCode.USAGE, "--busy-poll must be 0 to " + MAX_MICROS + " microseconds");
        }
        return micros;
    }
}
