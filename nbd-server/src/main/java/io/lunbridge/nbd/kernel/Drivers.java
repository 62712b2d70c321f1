package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.AttachOptions.Method;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Chooses the driver interface, and loads the driver if need be. */
final class Drivers {

    private Drivers() {}

    /** For an attach. */
    static Driver choose(KernelFiles files, Method method) throws KernelException, InterruptedException {
        KernelModule module = new KernelModule(files);
        if (method == Method.IOCTL) {
            if (!module.isLoaded()) {
                module.load(true);
            }
            return new IoctlDriver(files);
        }
        if (NetlinkDriver.isReachable()) {
            return new NetlinkDriver(files);
        }
        if (!module.isLoaded()) {
            module.load(false);
        }
        if (NetlinkDriver.isReachable()) {
            return new NetlinkDriver(files);
        }
        if (isInOtherNetworkNamespace(files)) {
            throw Kind.WRONG_NETWORK_NAMESPACE.because("the nbd driver does not answer in this network namespace;"
                    + " run the command in the host's (nsenter --net=/proc/1/ns/net …)");
        }
        if (method == Method.NETLINK) {
            throw Kind.NO_DRIVER.because("this kernel's nbd driver has no netlink interface; Linux 6.1 or later has");
        }
        return new IoctlDriver(files);
    }

    /** For a detach: netlink disconnects what either interface connected. */
    static Driver forDetach(KernelFiles files) throws KernelException {
        return NetlinkDriver.isReachable() ? new NetlinkDriver(files) : new IoctlDriver(files);
    }

    /** Whether it is surely so; process 1 may be hidden from us. */
    private static boolean isInOtherNetworkNamespace(KernelFiles files) {
        try {
            Path ours = Files.readSymbolicLink(files.proc("self/ns/net"));
            return !ours.equals(Files.readSymbolicLink(files.proc("1/ns/net")));
        } catch (IOException e) {
            return false;
        }
    }
}
