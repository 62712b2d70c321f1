package io.lunbridge.commands;

import io.lunbridge.daemon.Demo;
import io.lunbridge.daemon.DemoKernel;
import io.lunbridge.daemon.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lunbridge demo}. */
@Command(
        name = "demo",
        description = "Show the whole chain, with nothing installed: a target, a session, an NBD server, and where a"
                + " kernel with an nbd driver can be had (as root; else in User Mode Linux), a mounted file system."
                + " Takes less than a minute and leaves nothing behind.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--kernel",
            paramLabel = "WHERE",
            defaultValue = "best",
            description = "best: this kernel, else a guest's (default); nowhere: stop at the socket; guest: this is the"
                    + " guest.")
    private String kernel;

    @Override
    public Integer call() throws Exception {
        common.apply();
        DemoKernel.Where where = switch (kernel) {
            case "best" -> DemoKernel.Where.BEST;
            case "nowhere" -> DemoKernel.Where.NOWHERE;
            case "guest" -> DemoKernel.Where.GUEST;
            default ->
                throw new picocli.CommandLine.ParameterException(
                        spec.commandLine(), "--kernel takes best, nowhere or guest, not '" + kernel + "'");
        };
        new Demo(spec.commandLine().getOut(), where).run();
        return ExitCode.OK.number();
    }
}
