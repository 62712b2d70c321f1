package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Devices that are sockets, for tests of those who use devices. */
public final class SocketDevices {

    private SocketDevices() {}

    /** A daemon's devices below that directory: {@code kernel/nbdN.socket} is where an NBD client finds one. */
    public static Devices open(Path directory) throws CommandException, IOException {
        Path kernel = Files.createDirectories(directory.resolve("kernel"));
        return Devices.open(Root.below(directory), new SocketKernel(kernel), Step.AS_TOLD);
    }
}
