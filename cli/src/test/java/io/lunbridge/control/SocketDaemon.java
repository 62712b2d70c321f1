package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Logging;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.StopSignal;
import io.lunbridge.devices.SocketDevices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The daemon as a program, whole but for its devices, which are sockets: for hosts without an nbd driver. */
public final class SocketDaemon {

    private SocketDaemon() {}

    /**
     * Runs until it is told to stop.
     *
     * @param arguments the directory below which everything is, and {@code iscsid} for one that logs in by itself
     */
    public static void main(String[] arguments) throws CommandException {
        Logging.start(1);
        Path directory = Path.of(arguments[0]);
        StopSignal stop = StopSignal.ofProcess();
        stop.install();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putIfAbsent("LUNBRIDGE_START_SECONDS", "1");
        new DaemonService(Root.below(directory), environment, stop, arguments.length > 1, () -> {
                    try {
                        return SocketDevices.open(directory);
                    } catch (IOException e) {
                        throw new CommandException(ExitCode.FAILURE, e.toString(), e);
                    }
                })
                .run();
        Logging.stop();
        stop.exit(0);
    }
}
