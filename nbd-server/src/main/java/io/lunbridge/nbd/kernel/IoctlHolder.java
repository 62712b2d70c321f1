package io.lunbridge.nbd.kernel;

import java.util.Arrays;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that is the device, under the ioctl interface: it configures the device, and then stays in DO_IT for as
 * long as the device is to live.
 *
 * <p>All of it must happen on one thread, as the driver remembers who came first. A signal that this thread handles
 * ends the device, and the virtual machine sends signals to single threads; so they are blocked here.
 */
final class IoctlHolder implements Runnable {

    static final int ENXIO = 6;

    static final long CLEAR_SOCK = 0xAB04;
    static final long DISCONNECT = 0xAB08;

    private static final long SET_SOCK = 0xAB00;
    private static final long SET_BLKSIZE = 0xAB01;
    private static final long DO_IT = 0xAB03;
    private static final long SET_SIZE_BLOCKS = 0xAB07;
    private static final long SET_TIMEOUT = 0xAB09;
    private static final long SET_FLAGS = 0xAB0A;

    private static final int SIG_BLOCK = 0;
    private static final int SIGNAL_SET_BYTES = 128;

    /** SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV: raised by the thread's own code, and used by the virtual machine. */
    private static final int[] SYNCHRONOUS_SIGNALS = {4, 5, 7, 8, 11};

    private static final Logger LOG = LoggerFactory.getLogger(IoctlHolder.class);

    private final NbdDevice device;
    private final DeviceSetup setup;
    private final int kernelFd;
    private volatile int errno;
    private volatile boolean ended;

    IoctlHolder(NbdDevice device, DeviceSetup setup, int kernelFd) {
        this.device = device;
        this.setup = setup;
        this.kernelFd = kernelFd;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Why the thread ended; 0 after an orderly disconnect. */
    int errno() {
        return errno;
    }

    @Override
    public void run() {
        blockSignals();
        int fd = Native.LIBC.open(device.path(), Native.O_RDWR | Native.O_CLOEXEC, 0);
        if (fd < 0) {
            errno = Native.errno();
            ended = true;
            return;
        }
        // Until SET_SOCK has succeeded the device may be somebody else's, and must not be cleared.
        if (Native.LIBC.ioctl(fd, SET_SOCK, kernelFd) < 0) {
            errno = Native.errno();
        } else {
            errno = configureAndHold(fd);
            Native.LIBC.ioctl(fd, CLEAR_SOCK, 0);
        }
        Native.LIBC.close(fd);
        LOG.debug("{} ended: {}", device, errno);
        ended = true;
    }

    private int configureAndHold(int fd) {
        int blockBytes = setup.geometry().blockBytes();
        boolean held = Native.LIBC.ioctl(fd, SET_BLKSIZE, blockBytes) >= 0
                && Native.LIBC.ioctl(fd, SET_SIZE_BLOCKS, setup.geometry().sizeBytes() / blockBytes) >= 0
                && Native.LIBC.ioctl(fd, SET_FLAGS, setup.flags()) >= 0
                && Native.LIBC.ioctl(fd, SET_TIMEOUT, 0) >= 0
                && Native.LIBC.ioctl(fd, DO_IT, 0) >= 0;
        return held ? 0 : Native.errno();
    }

    private static void blockSignals() {
        byte[] signals = new byte[SIGNAL_SET_BYTES];
        Arrays.fill(signals, (byte) 0xff);
        for (int signal : SYNCHRONOUS_SIGNALS) {
            signals[(signal - 1) / 8] &= (byte) ~(1 << ((signal - 1) % 8));
        }
        Native.LIBC.pthread_sigmask(SIG_BLOCK, signals, Pointer.wrap(Native.RUNTIME, 0));
    }
}
