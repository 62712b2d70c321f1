package io.lunbridge.commands;

import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.KernelService;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lunbridge list}. */
@Command(
        name = "list",
        description = "List the attached nbd devices of this machine: device, size, read-only, and what is behind it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        common.apply();
        output.print(KernelService.list(), spec.commandLine().getOut());
        return ExitCode.OK.number();
    }
}
