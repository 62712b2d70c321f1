package io.lunbridge.commands;

import io.lunbridge.control.DaemonClient;
import io.lunbridge.control.DeviceConfiguration;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskService;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.KernelService;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.daemon.StatisticsFile;
import io.lunbridge.daemon.StopSignal;
import io.lunbridge.daemon.Transport;
import io.lunbridge.devices.AttachSpec;
import io.lunbridge.host.Hardening;
import io.lunbridge.names.DeviceNames;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lunbridge attach}. */
@Command(
        name = "attach",
        description = {
            "Attach a LUN as /dev/nbdN, by the daemon. Needs root.",
            "Prints the device's name when it is ready to be mounted, and ends; the daemon serves it from then on."
                    + " Asked for what is attached already, it prints that device's name."
        },
        footer = {
            "%nExample:",
            "  sudo lunbridge attach iscsi://192.0.2.1/iqn.2026-01.org.example:disk/1",
            "  sudo mount /dev/nbd0 /mnt"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AttachCommand implements Callable<Integer> {

    /** What may stand beside --config. */
    private static final Set<String> BESIDE_CONFIG =
            Set.of("--config", "--foreground", "--verbose", "--stats", "--busy-poll");

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @ArgGroup(multiplicity = "1")
    private What what;

    @Mixin
    private DiskOptions disk;

    @Mixin
    private SessionOptions session;

    @Mixin
    private StatisticsOption statistics;

    @Mixin
    private BusyPollOption busyPoll;

    @Option(
            names = "--device",
            paramLabel = "/dev/nbdN",
            description = "Which device; without it, the kernel chooses a free one.")
    private @Nullable String device;

    @Option(names = "--no-links", description = "Make no names for it under /dev/disk.")
    private boolean withoutLinks;

    @Option(
            names = "--foreground",
            description = "Without the daemon: serve it in this process, until SIGTERM, SIGINT or 'lunbridge detach'. A"
                    + " device that is mounted when the signal comes stays served until it is unmounted.")
    private boolean foreground;

    @Option(
            names = "--lanes",
            paramLabel = "N",
            defaultValue = "1",
            description = "Only 1: a kernel with several sockets may send a slow request twice ('serve' has lanes).")
    private int lanes;

    private static final class What {
        @Parameters(
                index = "0",
                paramLabel = "URL",
                converter = LunUrlParameter.Converter.class,
                description = {LunUrlParameter.FORM, LunUrlParameter.EXPLANATION})
        private @Nullable LunUrl url;

        @Option(
                names = "--config",
                paramLabel = "NAME",
                description = "The configured device /etc/lunbridge/devices/NAME.conf.")
        private @Nullable String configured;
    }

    @Override
    public Integer call() throws Exception {
        common.apply();
        if (lanes != 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "a kernel device has one lane: a kernel with several sockets takes a slow request for a lost one and sends"
                            + " it twice; leave out --lanes, or use 'lunbridge serve --lanes' for NBD clients");
        }
        AttachSpec wanted = what.configured == null ? ofOptions() : ofConfiguration(what.configured);
        if (foreground) {
            serve(wanted);
            return ExitCode.OK.number();
        }
        if (statistics.file != null) {
            throw new CommandException(ExitCode.USAGE, "--stats is for --foreground; the daemon keeps no such file");
        }
        if (busyPoll.micros() != 0) {
            throw new CommandException(
                    ExitCode.USAGE, "--busy-poll is for --foreground; the daemon's loops have many devices");
        }
        String attached = new DaemonClient(Root.ofThisHost()).attach(wanted);
        if (attached == null) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "no daemon runs here; start it ('systemctl start lunbridge', or 'lunbridge daemon'), or use"
                            + " --foreground");
        }
        print(attached);
        return ExitCode.OK.number();
    }

    private AttachSpec ofOptions() throws CommandException {
        SessionSettings settings = session.settings();
        return AttachSpec.of(disk.request(Objects.requireNonNull(what.url), settings), device, settings, !withoutLinks);
    }

    private AttachSpec ofConfiguration(String name) throws CommandException {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptionsSet()) {
            if (!BESIDE_CONFIG.contains(option.longestName())) {
                throw new ParameterException(
                        spec.commandLine(),
                        option.longestName() + " cannot stand beside --config: the file says it all");
            }
        }
        DeviceConfiguration configuration =
                DeviceConfiguration.read(Root.ofThisHost().configuredDevices(), name);
        List<String> mistakes = configuration.mistakes();
        if (!mistakes.isEmpty()) {
            int last = mistakes.size() - 1;
            mistakes.subList(0, last).forEach(spec.commandLine().getErr()::println);
            throw new CommandException(ExitCode.USAGE, mistakes.get(last));
        }
        return Objects.requireNonNull(configuration.spec());
    }

    private void serve(AttachSpec wanted) throws Exception {
        try (Transport transport = Transport.open(1, busyPoll.micros());
                DiskService service = DiskService.open(transport, wanted.disk(), wanted.session());
                StatisticsFile figures = service.statistics(statistics.file);
                ForegroundNames names = new ForegroundNames(wanted.disk().identifier(), names(wanted, service));
                KernelService kernel = KernelService.attach(
                        wanted.device(), service.kernelExport(), wanted.disk().identifier())) {
            figures.start();
            Hardening.apply();
            names.appeared(kernel.device());
            print(kernel.device());
            kernel.serve(StopSignal.ofProcess());
        }
    }

    private static DeviceNames names(AttachSpec wanted, DiskService service) {
        return wanted.links() ? DeviceNames.of(wanted.disk(), service.identity()) : DeviceNames.NONE;
    }

    private void print(String attached) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(attached);
        out.flush();
    }
}
