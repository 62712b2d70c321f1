package io.lunbridge.host;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** The way to the C library. */
final class Native {

    static final int EPERM = 1;
    static final int EINVAL = 22;

    static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    /** The C library's functions that are called here, by their own names. Each leaves its error in {@link #errno}. */
    public interface Libc {

        int mlockall(int flags);

        /** For tests, which do not want it to last. */
        int munlockall();

        /** Variadic in C: the further arguments are always whole registers. */
        int prctl(int option, long second, long third, long fourth, long fifth);

        @Nullable
        Pointer malloc(long lengthBytes);

        Pointer memset(Pointer memory, int value, long lengthBytes);

        void free(Pointer memory);
    }

    private Native() {}

    /** The error of this thread's last call that failed. */
    static int errno() {
        return LastError.getLastError(RUNTIME);
    }
}
