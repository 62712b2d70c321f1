package io.lunbridge.commands;

import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.StopSignal;
import io.lunbridge.daemon.TargetService;
import io.lunbridge.daemon.Transport;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lunbridge target}. */
@Command(
        name = "target",
        description = {
            "Be a small iSCSI target with one RAM disk, LUN 0, until SIGTERM or SIGINT. For trying things out.",
            "Prints 'ready' and the disk's URL. What was written is gone at the end. Anybody may log in."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TargetCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--ram",
            paramLabel = "SIZE",
            required = true,
            converter = SizeConverter.class,
            description = "Size of the disk; K, M, G, T are taken. Memory is taken as it is written.")
    private long sizeBytes;

    @Option(
            names = "--listen",
            paramLabel = "HOST[:PORT]",
            defaultValue = "127.0.0.1",
            converter = AddressConverter.Iscsi.class,
            description = "Where; 127.0.0.1:3260 unless told, port 0 for any free one.")
    private HostPort address;

    @Option(
            names = "--iqn",
            paramLabel = "IQN",
            defaultValue = "iqn.2026-11.io.lunbridge:ram",
            description = "The target's name (default: ${DEFAULT-VALUE}).")
    private String name;

    @Override
    public Integer call() throws Exception {
        common.apply();
        if (!LunUrl.isTargetName(name)) {
            throw new ParameterException(
                    spec.commandLine(), "'" + name + "' is no iSCSI name; it begins with iqn., eui. or naa.");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Transport transport = Transport.open();
                TargetService target = TargetService.start(transport, address, name, sizeBytes)) {
            out.println("ready " + target.url());
            out.flush();
            StopSignal.ofProcess().await();
        }
        return ExitCode.OK.number();
    }
}
