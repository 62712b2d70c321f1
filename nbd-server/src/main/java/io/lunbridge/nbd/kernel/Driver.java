package io.lunbridge.nbd.kernel;

/** One of the two ways to talk to the kernel's nbd driver. Called on threads that may block. */
interface Driver {

    /**
     * Gives the kernel its end of the socket pair. Tries again for some seconds while the device is busy: udev opens
     * new devices, and that alone makes them busy.
     *
     * @param kernelFd stays the caller's to close
     * @return the device that was connected; it exists, but may not have answered a request yet
     */
    NbdDevice connect(DeviceSetup setup, int kernelFd) throws KernelException, InterruptedException;

    /** Takes the connection away. What is in flight fails; an idle device is free again once nobody has it open. */
    void disconnect(NbdDevice device) throws KernelException, InterruptedException;
}
