package io.lunbridge.commands;

import io.lunbridge.daemon.DiskService;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.KernelService;
import io.lunbridge.daemon.StatisticsFile;
import io.lunbridge.daemon.StopSignal;
import io.lunbridge.daemon.Transport;
import io.lunbridge.host.Hardening;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lunbridge attach}. */
@Command(
        name = "attach",
        description = {
            "Attach a LUN as /dev/nbdN and serve it until SIGTERM, SIGINT or 'lunbridge detach'. Needs root.",
            "Prints the device's name when it is ready to be mounted. A device that is mounted when the signal comes"
                    + " stays served until it is unmounted."
        },
        footer = {
            "%nExample:",
            "  sudo lunbridge attach iscsi://192.0.2.1/iqn.2026-01.org.example:disk/1 &",
            "  sudo mount /dev/nbd0 /mnt"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AttachCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DiskOptions disk;

    @Mixin
    private SessionOptions session;

    @Mixin
    private StatisticsOption statistics;

    @Option(
            names = "--device",
            paramLabel = "/dev/nbdN",
            description = "Which device; without it, the kernel chooses a free one.")
    private @Nullable String device;

    @Override
    public Integer call() throws Exception {
        common.apply();
        PrintWriter out = spec.commandLine().getOut();
        try (Transport transport = Transport.open();
                DiskService service = DiskService.open(transport, disk.request(), session.settings());
                StatisticsFile figures = service.statistics(statistics.file);
                KernelService kernel = KernelService.attach(
                        device, service.kernelExport(), disk.request().identifier())) {
            figures.start();
            Hardening.apply();
            out.println(kernel.device());
            out.flush();
            kernel.serve(StopSignal.ofProcess());
        }
        return ExitCode.OK.number();
    }
}
