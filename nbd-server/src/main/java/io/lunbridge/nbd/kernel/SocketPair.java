package io.lunbridge.nbd.kernel;

import java.io.IOException;

/**
 * Two connected AF_UNIX stream sockets: one for the kernel, one for Netty. Both are non-blocking and closed on exec; a
 * copy that leaked into another process would keep the kernel from seeing our death.
 */
final class SocketPair implements AutoCloseable {

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int MSG_PEEK = 2;
    private static final int MSG_DONTWAIT = 0x40;

    /** Room for a few large requests or replies, so that one of them takes one wake-up and not five. */
    private static final int SEND_BUFFER_BYTES = 2 << 20;

    private static final int CLOSED = -1;

    private int served;
    private int kernel;

    private SocketPair(int served, int kernel) {
        this.served = served;
        this.kernel = kernel;
    }

    static SocketPair open() throws IOException {
        int[] fds = new int[2];
        int type = SOCK_STREAM | SOCK_NONBLOCK | Native.O_CLOEXEC;
        if (Native.LIBC.socketpair(AF_UNIX, type, 0, fds) < 0) {
            throw new IOException("no socket pair: " + Native.errorName(Native.errno()));
        }
        // Only the sender's buffer counts between AF_UNIX sockets, so each end gets its own.
        growSendBuffer(fds[0]);
        growSendBuffer(fds[1]);
        return new SocketPair(fds[0], fds[1]);
    }

    /** Our end. The caller owns it from here on. */
    int takeServed() {
        int fd = served;
        served = CLOSED;
        return fd;
    }

    /** The end for the kernel, which takes a reference of its own. It stays ours to close. */
    int kernel() {
        return kernel;
    }

    /** Gives up our copy of the kernel's end; while we hold it, the kernel's end never looks closed to ours. */
    void closeKernel() {
        if (kernel != CLOSED) {
            Native.LIBC.close(kernel);
            kernel = CLOSED;
        }
    }

    /**
     * Whether the kernel has dropped its end, which only shows after {@link #closeKernel} and before our end is served.
     */
    boolean isRefused() {
        byte[] first = new byte[1];
        return Native.LIBC.recv(served, first, first.length, MSG_PEEK | MSG_DONTWAIT) == 0;
    }

    /** Closes what is still ours. */
    @Override
    public void close() {
        closeKernel();
        if (served != CLOSED) {
            Native.LIBC.close(served);
            served = CLOSED;
        }
    }

    /** Past the system's limit where we may, up to it otherwise. */
    private static void growSendBuffer(int fd) {
        byte[] bytes = Native.intBytes(SEND_BUFFER_BYTES);
        if (Native.LIBC.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes, bytes.length) < 0) {
            Native.LIBC.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, bytes, bytes.length);
        }
    }
}
