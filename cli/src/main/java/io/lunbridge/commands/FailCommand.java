package io.lunbridge.commands;

import io.lunbridge.control.DaemonClient;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Root;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lunbridge fail}. */
@Command(
        name = "fail",
        description = {
            "Fail what waits for the target of /dev/nbdN, now, rather than at the end of --replacement-timeout. Needs"
                    + " root.",
            "What comes later fails at once, until the target is back; the device works again then."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FailCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "DEVICE", description = "/dev/nbdN or nbdN.")
    private String device;

    @Override
    public Integer call() throws Exception {
        common.apply();
        if (!new DaemonClient(Root.ofThisHost()).fail(device)) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "no daemon runs here, and only its devices can be told to fail; 'lunbridge detach --force " + device
                            + "' takes one away");
        }
        return ExitCode.OK.number();
    }
}
