package io.lunbridge.nbd.kernel;

/** The sentence for a device that somebody else has. */
final class DeviceBusy {

    private DeviceBusy() {}

    static KernelException because(KernelFiles files, NbdDevice device) {
        String backend = KernelFiles.read(files.sys(device, "backend"));
        String owner = "";
        if (files.isConfigured(device)) {
            owner = backend == null ? " (attached by another program)" : " (attached to " + backend + ")";
        }
        return KernelException.Kind.DEVICE_BUSY.because(device + " is in use" + owner
                + "; detach it first, name another device, or name none and the kernel chooses a free one");
    }
}
