package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.KernelException.Kind;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.byref.IntByReference;

/**
 * An open {@code /dev/nbdN}. Opening, reading and syncing wait for the device's answers, so all of it happens on a
 * thread that may hang.
 */
final class DeviceFile implements AutoCloseable {

    private static final int O_DIRECT = directFlag();
    private static final int PAGE_BYTES = 4096;

    private static final long BLKROSET = 0x125D;

    private final NbdDevice device;
    private final int fd;

    private DeviceFile(NbdDevice device, int fd) {
        this.device = device;
        this.fd = fd;
    }

    /** Past the page cache, so that a read is one of the device. The first opening after an attach or a resize looks for partitions. */
    static DeviceFile openDirect(NbdDevice device) throws KernelException {
        return open(device, O_DIRECT);
    }

    /**
     * As the one exclusive user. The kernel refuses that while the device or a partition is mounted in any mount
     * namespace, swapped on, or part of another device, and refuses those as long as this is open.
     */
    static DeviceFile openExclusive(NbdDevice device) throws KernelException {
        return open(device, Native.O_EXCL);
    }

    private static DeviceFile open(NbdDevice device, int flags) throws KernelException {
        int fd = Native.LIBC.open(device.path(), Native.O_RDONLY | Native.O_CLOEXEC | flags, 0);
        if (fd >= 0) {
            return new DeviceFile(device, fd);
        }
        int errno = Native.errno();
        throw switch (errno) {
            case Native.EBUSY ->
                Kind.IN_USE.because(device + " is in use by the kernel"
                        + " (mounted elsewhere, or part of another device); release it first, or force the detach");
            case Native.EPERM, Native.EACCES -> Privilege.missing();
            case Native.ENOENT ->
                Kind.NOT_USABLE.because(
                        device + " does not exist here although the kernel has the device, as in a container;"
                                + " mount devtmpfs on /dev, or make the node (mknod) and attach as that device again");
            default -> Kind.NOT_USABLE.because(device + " cannot be opened: " + Native.errorName(errno));
        };
    }

    /** Reads the first page, or the whole of a smaller device. */
    void readStart(long sizeBytes) throws KernelException {
        int lengthBytes = (int) Math.min(PAGE_BYTES, sizeBytes);
        Pointer memory = Memory.allocateDirect(Native.RUNTIME, 2 * PAGE_BYTES);
        long aligned = -memory.address() & (PAGE_BYTES - 1);
        long read = Native.LIBC.pread(fd, memory.slice(aligned), lengthBytes, 0);
        if (read != lengthBytes) {
            throw Kind.NOT_USABLE.because("the first read of " + device + " failed: "
                    + (read < 0 ? Native.errorName(Native.errno()) : "short"));
        }
    }

    /** Writes back what the kernel's cache holds, and flushes the device. */
    void sync() throws KernelException {
        if (Native.LIBC.fsync(fd) < 0) {
            throw Kind.SYSTEM.because("what was written to " + device + " could not be made durable: "
                    + Native.errorName(Native.errno()) + "; force the detach to give it up");
        }
    }

    /** For the device and its partitions. Who has it open for writing keeps it open. */
    void setReadOnly(boolean readOnly) throws KernelException {
        IntByReference value = new IntByReference(readOnly ? 1 : 0);
        if (Native.LIBC.ioctl(fd, BLKROSET, value) < 0) {
            throw Kind.SYSTEM.because(device + " could not be made " + (readOnly ? "read-only: " : "writable: ")
                    + Native.errorName(Native.errno()));
        }
    }

    @Override
    public void close() {
        Native.LIBC.close(fd);
    }

    /** One of the few flags whose number depends on the machine. */
    private static int directFlag() {
        String machine = System.getProperty("os.arch");
        return machine.equals("aarch64") || machine.equals("arm") ? 0x10000 : 0x4000;
    }
}
