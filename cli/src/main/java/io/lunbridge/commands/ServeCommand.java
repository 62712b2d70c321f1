package io.lunbridge.commands;

import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.LaneService;
import io.lunbridge.daemon.NbdEndpoint;
import io.lunbridge.daemon.NbdService;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.daemon.StatisticsFile;
import io.lunbridge.daemon.StopSignal;
import io.lunbridge.daemon.Transport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lunbridge serve}. */
@Command(
        name = "serve",
        description = {
            "Serve a LUN to NBD clients until SIGTERM or SIGINT. Needs no root.",
            "Prints 'ready' and the NBD URI when clients can connect; at the end it flushes and logs out."
        },
        footer = {
            "%nExample:",
            "  lunbridge serve iscsi://192.0.2.1/iqn.2026-01.org.example:disk/1 --socket /tmp/disk.sock",
            "  nbdinfo 'nbd+unix:///?socket=/tmp/disk.sock'"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private LunUrlParameter lun;

    @Mixin
    private DiskOptions disk;

    @Mixin
    private SessionOptions session;

    @Mixin
    private LanesOption lanes;

    @Mixin
    private BusyPollOption busyPoll;

    @Mixin
    private StatisticsOption statistics;

    @ArgGroup(multiplicity = "1")
    private Endpoint endpoint;

    @Option(
            names = "--export",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The export's name; clients that name none get it too. Empty by default.")
    private String exportName;

    private static final class Endpoint {
        @Option(
                names = "--socket",
                paramLabel = "PATH",
                description = "Listen on a Unix socket, for this user only (mode 0600).")
        private @Nullable Path socket;

        @Option(
                names = "--listen",
                paramLabel = "HOST[:PORT]",
                converter = AddressConverter.Nbd.class,
                description = {
                    "Listen on TCP; port 10809 unless told, 0 for any free one.",
                    "NBD has no password: anyone who reaches the port can read and write."
                })
        private @Nullable HostPort address;

        NbdEndpoint endpoint() {
            return new NbdEndpoint(socket, address);
        }
    }

    @Override
    public Integer call() throws Exception {
        common.apply();
        NbdEndpoint where = endpoint.endpoint();
        where.check();
        SessionSettings settings = session.settings();
        PrintWriter out = spec.commandLine().getOut();
        try (Transport transport = Transport.open(lanes.count(), busyPoll.micros());
                LaneService service = LaneService.open(transport, disk.request(lun.url, settings), settings);
                StatisticsFile figures = service.statistics(statistics.file);
                NbdService nbd = NbdService.listen(transport, where, service, exportName)) {
            figures.start();
            out.println("ready " + nbd.uri());
            out.flush();
            StopSignal.ofProcess().await();
            service.hurry();
        }
        return ExitCode.OK.number();
    }
}
