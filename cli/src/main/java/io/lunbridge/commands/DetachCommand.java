package io.lunbridge.commands;

import io.lunbridge.control.DaemonClient;
import io.lunbridge.control.DeviceConfiguration;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.KernelService;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.Root;
import io.lunbridge.names.DeviceLinks;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lunbridge detach}. */
@Command(
        name = "detach",
        description = {
            "Take /dev/nbdN away from the kernel after writing back its cache, and log out from its target. Needs root.",
            "Works without the daemon too, whoever attached the device."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DetachCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @ArgGroup(multiplicity = "1")
    private What what;

    @Option(
            names = "--force",
            description = "Detach even while it is mounted or in use: requests in flight fail, and what the kernel has"
                    + " not written yet is lost.")
    private boolean force;

    private static final class What {
        @Parameters(index = "0", paramLabel = "DEVICE", description = "/dev/nbdN or nbdN.")
        private @Nullable String device;

        @Option(
                names = "--config",
                paramLabel = "NAME",
                description = "What the daemon has attached for /etc/lunbridge/devices/NAME.conf, if it has.")
        private @Nullable String configured;
    }

    @Override
    public Integer call() throws Exception {
        common.apply();
        DaemonClient daemon = new DaemonClient(Root.ofThisHost());
        String device = what.configured == null ? what.device : attachedFor(daemon, what.configured);
        if (device != null && !daemon.detach(device, force)) {
            KernelService.detach(device, force);
            // The process that serves it, if one does, hears of it a moment later.
            new DeviceLinks(Root.ofThisHost().names()).settle();
        }
        return ExitCode.OK.number();
    }

    /** Null if it is not attached: then there is nothing to be done. */
    private static @Nullable String attachedFor(DaemonClient daemon, String name)
            throws CommandException, InterruptedException {
        LunUrl url = DeviceConfiguration.read(Root.ofThisHost().configuredDevices(), name)
                .url();
        List<Report> devices = daemon.list();
        if (url == null || devices == null) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    (url == null ? name + ".conf has no usable url" : "no daemon runs here")
                            + "; name the device, as 'lunbridge list' shows it");
        }
        List<String> attached = devices.stream()
                .filter(device -> DeviceList.isOf(device, url))
                .map(device -> String.valueOf(device.values().get("device")))
                .toList();
        if (attached.size() > 1) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "several devices are of " + url + ": " + String.join(", ", attached)
                            + "; name the one that you mean");
        }
        return attached.isEmpty() ? null : attached.get(0);
    }
}
