package io.lunbridge.commands;

import io.lunbridge.daemon.Discovery;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.Transport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lunbridge discover}. */
@Command(
        name = "discover",
        description = "List the targets that a portal knows: a line each, its name and its portals.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DiscoverCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Parameters(
            paramLabel = "HOST[:PORT]",
            converter = AddressConverter.Iscsi.class,
            description = "The portal; port 3260 unless told.")
    private HostPort portal;

    @Option(names = "--luns", description = "Log in to each target there too, and list its LUNs.")
    private boolean luns;

    @Mixin
    private ChapOptions chap;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() throws Exception {
        common.apply();
        try (Transport transport = Transport.open()) {
            output.print(
                    new Discovery(transport, portal, chap.settings()).targets(luns),
                    spec.commandLine().getOut());
        }
        return ExitCode.OK.number();
    }
}
