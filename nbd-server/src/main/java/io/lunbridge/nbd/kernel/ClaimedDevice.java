package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.KernelException.Kind;
import java.io.IOException;

/**
 * A connected device that is ours by its backend identifier, to be given another socket or another size by netlink's
 * RECONFIGURE. A device that ioctl connected takes neither.
 */
final class ClaimedDevice {

    private final KernelFiles files;
    private final DeviceClaim claim;

    ClaimedDevice(KernelFiles files, DeviceClaim claim) {
        this.files = files;
        this.claim = claim;
    }

    NbdDevice device() {
        return claim.device();
    }

    /** Fails unless the device is connected under our identifier. */
    void require() throws KernelException {
        if (!files.isConfigured(device())) {
            throw Kind.NOT_ATTACHED.because(device() + " is not attached");
        }
        String backend = KernelFiles.read(files.sys(device(), "backend"));
        if (!claim.backendIdentifier().equals(backend)) {
            throw Kind.OTHER_DISK.because(device() + " is attached "
                    + (backend == null ? "by another program" : "to " + backend)
                    + ", so it is not taken over; attach the disk as another device");
        }
    }

    /**
     * Offers the kernel a socket in the place of a dead one. Success is the kernel's ACK, which it also gives when it
     * has no dead socket to replace and drops the new one.
     *
     * @param kernelFd stays the caller's to close
     */
    void reconnect(int kernelFd) throws KernelException {
        reconfigure((family, sequence) -> NbdGenetlink.reconnect(family, sequence, claim, kernelFd));
    }

    /** Newer kernels wait here for every request in flight: never called while the connection is dead. */
    void resize(long sizeBytes) throws KernelException {
        reconfigure((family, sequence) -> NbdGenetlink.resize(family, sequence, claim, sizeBytes));
    }

    private void reconfigure(Message message) throws KernelException {
        require();
        int errno;
        try (NetlinkSocket socket = NetlinkSocket.open()) {
            int family = NetlinkDriver.requireFamily(socket);
            errno = socket.exchange(sequence -> message.bytes(family, sequence), answer -> {});
        } catch (IOException e) {
            throw Kind.SYSTEM.because(String.valueOf(e.getMessage()));
        }
        switch (errno) {
            case 0 -> {}
            case Native.EPERM -> throw Privilege.missing();
            // The identifier was right a moment ago.
            case Native.EINVAL ->
                throw Kind.NOT_ATTACHED.because(device() + " was disconnected, and is only kept by who has it open");
            default ->
                throw Kind.SYSTEM.because("the kernel would not change " + device() + ": " + Native.errorName(errno));
        }
    }

    /** Makes the bytes of one request. */
    private interface Message {
        byte[] bytes(int family, int sequence);
    }
}
