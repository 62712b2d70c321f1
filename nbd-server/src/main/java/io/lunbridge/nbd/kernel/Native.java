package io.lunbridge.nbd.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.byref.IntByReference;

/** The way to the C library. Loaded at the first attach, not before: it costs a few hundred milliseconds. */
final class Native {

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EINVAL = 22;

    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;

    static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");
    static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    /** The C library's functions that are called here, by their own names. Each leaves its error in {@link #errno}. */
    public interface Libc {

        int socket(int domain, int type, int protocol);

        int bind(int fd, @In byte[] address, int addressBytes);

        int socketpair(int domain, int type, int protocol, @Out int[] fds);

        int setsockopt(int fd, int level, int option, @In byte[] value, int valueBytes);

        long send(int fd, @In byte[] data, long dataBytes, int flags);

        long recv(int fd, @Out byte[] data, long dataBytes, int flags);

        int open(String path, int flags, int mode);

        int close(int fd);

        long pread(int fd, Pointer data, long dataBytes, long offsetBytes);

        int fsync(int fd);

        /** Variadic in C: the third argument is always a whole register. */
        int ioctl(int fd, long request, long argument);

        int ioctl(int fd, long request, @In IntByReference argument);

        /** Returns the error instead of leaving it in errno. */
        int pthread_sigmask(int how, @In byte[] signals, Pointer before);
    }

    private Native() {}

    /** The error of this thread's last call that failed. */
    static int errno() {
        return LastError.getLastError(RUNTIME);
    }

    /** A C int as its bytes. */
    static byte[] intBytes(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /** The name of an error where it has one here, else its number. */
    static String errorName(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM";
            case ENOENT -> "ENOENT";
            case EINTR -> "EINTR";
            case EAGAIN -> "EAGAIN";
            case EACCES -> "EACCES";
            case EBUSY -> "EBUSY";
            case EINVAL -> "EINVAL";
            case 5 -> "EIO";
            case 6 -> "ENXIO";
            case 9 -> "EBADF";
            case 12 -> "ENOMEM";
            case 19 -> "ENODEV";
            case 24 -> "EMFILE";
            case 110 -> "ETIMEDOUT";
            default -> "error " + errno;
        };
    }
}
