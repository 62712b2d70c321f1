package io.lunbridge.commands;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import picocli.CommandLine.Option;

/** Over how many sessions a LUN is served. */
final class LanesOption {

    /** Targets bound the sessions of an initiator, and a host its cores. */
    private static final int MOST = 16;

    private static final String VARIABLE = "LUNBRIDGE_LANES";

    @Option(
            names = "--lanes",
            paramLabel = "N",
            defaultValue = "${env:" + VARIABLE + ":-1}",
            description = {
                "Log in N times (1 to 16) and serve with N threads; NBD clients that open several connections are",
                "spread over them. 1 by default, or what LUNBRIDGE_LANES says in the environment."
            })
    private String lanes = "1";

    /** The number of lanes. */
    int count() throws CommandException {
        int count = lanes.matches("[0-9]{1,2}") ? Integer.parseInt(lanes) : 0;
        if (count < 1 || count > MOST) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--lanes (or " + VARIABLE + ") is '" + lanes + "'; give a number from 1 to " + MOST);
        }
        return count;
    }
}
