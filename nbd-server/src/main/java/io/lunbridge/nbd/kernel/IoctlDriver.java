package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.KernelException.Kind;
import java.util.List;

/**
 * The driver's old interface, for a kernel whose netlink family is missing. The device lives as long as one thread of
 * ours stays inside the kernel, so it ends with the process.
 */
final class IoctlDriver implements Driver {

    private static final long BUSY_MILLIS = 5000;
    private static final long START_MILLIS = 5000;
    private static final long DISCONNECT_MILLIS = 2000;

    private final KernelFiles files;

    IoctlDriver(KernelFiles files) {
        this.files = files;
    }

    @Override
    public NbdDevice connect(DeviceSetup setup, int kernelFd) throws KernelException, InterruptedException {
        List<NbdDevice> candidates = setup.device() == null ? files.devices() : List.of(setup.device());
        Patience busy = Patience.ofMillis(BUSY_MILLIS);
        do {
            for (NbdDevice device : candidates) {
                if (!files.isConfigured(device) && tryConnect(device, setup, kernelFd)) {
                    return device;
                }
            }
            busy.pause();
        } while (!busy.isOver());
        if (setup.device() != null) {
            throw DeviceBusy.because(files, setup.device());
        }
        throw Kind.DEVICE_BUSY.because("none of the " + candidates.size() + " nbd devices is free;"
                + " detach one, or load the module with more: modprobe -r nbd; modprobe nbd nbds_max=16");
    }

    private boolean tryConnect(NbdDevice device, DeviceSetup setup, int kernelFd)
            throws KernelException, InterruptedException {
        IoctlHolder holder = new IoctlHolder(device, setup, kernelFd);
        Patience.startDaemon("lunbridge-hold-" + device.name(), holder);
        Patience start = Patience.ofMillis(START_MILLIS);
        if (!start.await(() -> holder.hasEnded() || (files.isConfigured(device) && files.sizeBytes(device) > 0))) {
            disconnect(device);
            throw Kind.NOT_USABLE.because("the kernel did not start " + device + " in time; try again");
        }
        if (!holder.hasEnded()) {
            return true;
        }
        return switch (holder.errno()) {
            case Native.EBUSY -> false;
            case Native.EPERM, Native.EACCES -> throw Privilege.missing();
            case Native.ENOENT, IoctlHolder.ENXIO ->
                throw Kind.BAD_DEVICE.because(
                        device + " does not exist; load the module with more devices: modprobe nbd nbds_max=16");
            default ->
                throw Kind.SYSTEM.because(
                        "the kernel would not connect " + device + ": " + Native.errorName(holder.errno()));
        };
    }

    @Override
    public void disconnect(NbdDevice device) throws KernelException, InterruptedException {
        int fd = Native.LIBC.open(device.path(), Native.O_RDWR | Native.O_CLOEXEC, 0);
        if (fd < 0) {
            int errno = Native.errno();
            throw errno == Native.EPERM || errno == Native.EACCES
                    ? Privilege.missing()
                    : Kind.SYSTEM.because(device + " cannot be opened: " + Native.errorName(errno));
        }
        try {
            // The polite way first: the server is told. It does not end a device whose server is dead.
            Native.LIBC.ioctl(fd, IoctlHolder.DISCONNECT, 0);
            Patience polite = Patience.ofMillis(DISCONNECT_MILLIS);
            if (!polite.await(() -> !files.isConfigured(device))) {
                Native.LIBC.ioctl(fd, IoctlHolder.CLEAR_SOCK, 0);
            }
        } finally {
            Native.LIBC.close(fd);
        }
    }
}
