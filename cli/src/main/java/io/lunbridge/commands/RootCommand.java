package io.lunbridge.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lunbridge} itself: does nothing alone. {@link Main} gives it the commands. */
@Command(
        name = "lunbridge",
        description = "Bridges an iSCSI LUN to NBD: to a socket for NBD clients, or to /dev/nbdN of this machine.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:anything without a number of its own",
            " 2:the command line is wrong",
            " 3:nobody answers at the address, or the connection broke",
            " 4:the target refused the login",
            " 5:the portal does not know the target name",
            " 6:the target has no such LUN",
            " 7:the LUN is there but is no disk",
            " 8:--offset and --length do not fit the LUN",
            " 9:the device, the socket path or the port is in use",
            "10:this kernel has no nbd driver",
            "11:the user may not do this"
        },
        footer = "%nEach command explains itself: lunbridge COMMAND --help")
final class RootCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command, such as serve, attach, info or demo");
    }
}
