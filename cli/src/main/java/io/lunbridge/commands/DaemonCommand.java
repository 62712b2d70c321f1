package io.lunbridge.commands;

import io.lunbridge.control.DaemonService;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.StopSignal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lunbridge daemon}. */
@Command(
        name = "daemon",
        description = {
            "Hold sessions and kernel devices for 'lunbridge attach', detach, list and fail, until SIGTERM or SIGINT."
                    + " Needs root.",
            "Takes over the devices of a daemon that died, and attaches the configured devices"
                    + " (/etc/lunbridge/devices/NAME.conf) that have 'startup = automatic'.",
            "SIGTERM detaches what nobody uses and serves the rest until it is unmounted, for at most"
                    + " $LUNBRIDGE_STOP_SECONDS (80); SIGUSR2 lets go of all at once, for the next daemon."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DaemonCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        common.applyForDaemon();
        new DaemonService(Root.ofThisHost(), System.getenv(), StopSignal.ofProcess(), false).run();
        return ExitCode.OK.number();
    }
}
