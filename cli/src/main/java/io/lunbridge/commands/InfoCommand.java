package io.lunbridge.commands;

import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.DiskService;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.daemon.Transport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lunbridge info}. */
@Command(
        name = "info",
        description = "Tell what a target and a LUN say of themselves: negotiated keys, identity, size, blocks, cache,"
                + " provisioning. Changes nothing.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InfoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private LunUrlParameter lun;

    @Mixin
    private DigestOptions digests;

    @Mixin
    private ChapOptions chap;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() throws Exception {
        common.apply();
        DiskRequest request = DiskRequest.whole(lun.url, true);
        SessionSettings settings =
                SessionSettings.BRIEF.withDigests(digests.settings()).withChap(chap.settings());
        try (Transport transport = Transport.open();
                DiskService disk = DiskService.open(transport, request, settings)) {
            output.print(disk.report(), spec.commandLine().getOut());
        }
        return ExitCode.OK.number();
    }
}
