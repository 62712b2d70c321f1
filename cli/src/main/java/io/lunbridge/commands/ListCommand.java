package io.lunbridge.commands;

import io.lunbridge.control.DaemonClient;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.KernelService;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.Root;
import io.lunbridge.host.Hardening;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lunbridge list}. */
@Command(
        name = "list",
        description = {
            "List the attached nbd devices of this machine: the daemon's, then all others.",
            "While a session is lost, LEFT is how long requests still wait for it before they fail."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() throws Exception {
        common.apply();
        List<Report> devices = DeviceList.of(ofDaemon(), KernelService.list());
        output.print(devices, DeviceList.TABLE, spec.commandLine().getOut());
        Hardening.swapsOnOurDisks().forEach(this::warn);
        return ExitCode.OK.number();
    }

    private void warn(String swap) {
        spec.commandLine()
                .getErr()
                .println("lunbridge: this host swaps to " + swap + ", which is on one of these disks: that is not safe;"
                        + " run 'swapoff " + swap + "'");
    }

    /** Null if there is none. The kernel's own view is everybody's, so whoever may not ask the daemon gets that. */
    private @Nullable List<Report> ofDaemon() throws CommandException, InterruptedException {
        try {
            return new DaemonClient(Root.ofThisHost()).list();
        } catch (CommandException e) {
            if (e.exitCode() != ExitCode.NOT_PERMITTED) {
                throw e;
            }
            spec.commandLine()
                    .getErr()
                    .println("lunbridge: only root can ask the daemon; this is what the kernel says");
            return List.of();
        }
    }
}
