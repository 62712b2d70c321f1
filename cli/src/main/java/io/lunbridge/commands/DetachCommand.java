package io.lunbridge.commands;

import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.KernelService;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lunbridge detach}. */
@Command(name = "detach", description = "Take /dev/nbdN away from the kernel after writing back its cache. Needs root.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DetachCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Parameters(paramLabel = "DEVICE", description = "/dev/nbdN or nbdN.")
    private String device;

    @Option(
            names = "--force",
            description = "Detach even while it is mounted or in use: requests in flight fail, and what the kernel has"
                    + " not written yet is lost.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        common.apply();
        KernelService.detach(device, force);
        return ExitCode.OK.number();
    }
}
