package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.KernelException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The driver's generic netlink family: the device outlives the thread, and even the process, that connected it. */
final class NetlinkDriver implements Driver {

    private static final int NO_FAMILY = -1;

    /** How long udev may hold a device open. */
    private static final long BUSY_MILLIS = 5000;

    /** How long a connected device may need to finish being disconnected by somebody else. */
    private static final long CONFIGURED_MILLIS = 1000;

    private final KernelFiles files;

    NetlinkDriver(KernelFiles files) {
        this.files = files;
    }

    /** Whether the family can be reached: the module is loaded, and we are in its network namespace. */
    static boolean isReachable() throws KernelException {
        try (NetlinkSocket socket = NetlinkSocket.open()) {
            return family(socket) != NO_FAMILY;
        } catch (IOException e) {
            throw Kind.SYSTEM.because(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public NbdDevice connect(DeviceSetup setup, int kernelFd) throws KernelException, InterruptedException {
        Patience udev = Patience.ofMillis(BUSY_MILLIS);
        Patience teardown = Patience.ofMillis(CONFIGURED_MILLIS);
        try (NetlinkSocket socket = NetlinkSocket.open()) {
            int family = requireFamily(socket);
            while (true) {
                Connected connected = new Connected();
                int errno = socket.exchange(
                        sequence -> NbdGenetlink.connect(family, sequence, setup, kernelFd), connected::accept);
                if (errno == 0) {
                    return connected.device(setup.device());
                }
                boolean configured = setup.device() != null && files.isConfigured(setup.device());
                if (!mayPass(errno, setup.device()) || (configured ? teardown : udev).isOver()) {
                    throw refusal(errno, setup.device());
                }
                udev.pause();
            }
        } catch (IOException e) {
            throw Kind.SYSTEM.because(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void disconnect(NbdDevice device) throws KernelException {
        try (NetlinkSocket socket = NetlinkSocket.open()) {
            int family = requireFamily(socket);
            int errno = socket.exchange(
                    sequence -> NbdGenetlink.disconnect(family, sequence, device.index()), answer -> {});
            switch (errno) {
                case 0 -> {}
                case Native.EPERM -> throw Privilege.missing();
                case Native.EINVAL -> throw Kind.NOT_ATTACHED.because(device + " is not attached");
                default ->
                    throw Kind.SYSTEM.because(
                            "the kernel would not disconnect " + device + ": " + Native.errorName(errno));
            }
        } catch (IOException e) {
            throw Kind.SYSTEM.because(String.valueOf(e.getMessage()));
        }
    }

    static int requireFamily(NetlinkSocket socket) throws IOException {
        int family = family(socket);
        if (family == NO_FAMILY) {
            throw new IOException("the nbd module was unloaded meanwhile; try again");
        }
        return family;
    }

    private static int family(NetlinkSocket socket) throws IOException {
        int[] family = {NO_FAMILY};
        int errno = socket.exchange(NbdGenetlink::getFamily, answer -> {
            ByteBuffer id = answer.attribute(NbdGenetlink.CONTROL_ATTRIBUTE_FAMILY_ID);
            if (id != null) {
                family[0] = Short.toUnsignedInt(id.getShort());
            }
        });
        if (errno != 0 && errno != Native.ENOENT) {
            throw new IOException("the nbd family's lookup failed: " + Native.errorName(errno));
        }
        return family[0];
    }

    /** EINVAL is what a device answers that exists and is going down. */
    private boolean mayPass(int errno, @Nullable NbdDevice device) {
        return errno == Native.EBUSY
                || (errno == Native.EINVAL && device != null && files.devices().contains(device));
    }

    private KernelException refusal(int errno, @Nullable NbdDevice device) {
        if (errno == Native.EPERM) {
            return Privilege.missing();
        }
        if (device == null) {
            return (errno == Native.EBUSY ? Kind.DEVICE_BUSY : Kind.SYSTEM)
                    .because("the kernel gave no free nbd device: " + Native.errorName(errno));
        }
        if (errno == Native.EBUSY || files.devices().contains(device)) {
            return DeviceBusy.because(files, device);
        }
        if (errno == Native.EINVAL) {
            return Kind.BAD_DEVICE.because("the kernel cannot make " + device
                    + "; choose a smaller number, or name no device and the kernel chooses a free one");
        }
        return Kind.SYSTEM.because("the kernel would not connect " + device + ": " + Native.errorName(errno));
    }

    /** The index in the answer that precedes the ACK. */
    private static final class Connected {
        private @Nullable NbdDevice device;

        void accept(NetlinkReader answer) {
            ByteBuffer index = answer.attribute(NbdGenetlink.INDEX);
            if (index != null) {
                device = new NbdDevice(index.getInt());
            }
        }

        NbdDevice device(@Nullable NbdDevice asked) throws IOException {
            NbdDevice known = device != null ? device : asked;
            if (known == null) {
                throw new IOException("the kernel did not say which nbd device it connected");
            }
            return known;
        }
    }
}
