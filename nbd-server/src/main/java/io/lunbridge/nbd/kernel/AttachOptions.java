package io.lunbridge.nbd.kernel;

/**
 * How an attach is done.
 *
 * @param method the driver's interface
 * @param deadConnectionSeconds how long new requests wait, without an error, for a new connection after this process
 *     died; requests that were in flight wait for as long as it takes
 * @param tickMillis how often the kernel looks at requests that are not answered yet; nothing is failed or
 *     disconnected by it, but requests that were in flight when a connection died are sent again at a tick
 * @param usableMillis how long the device may take to answer a first read; 0 to do without, as where a disk that is
 *     not there yet is attached again
 */
public record AttachOptions(Method method, long deadConnectionSeconds, int tickMillis, long usableMillis) {

    /** The driver's interface to use. */
    public enum Method {
        /** Netlink, or ioctl where the driver has no netlink. */
        BEST,
        /** Netlink or nothing. */
        NETLINK,
        /** The old interface, whose devices end with this process. */
        IOCTL
    }

    public static final AttachOptions DEFAULT = new AttachOptions(Method.BEST, 600, 5000, 30_000);

    public AttachOptions {
        if (deadConnectionSeconds < 0 || tickMillis <= 0 || usableMillis < 0) {
            throw new IllegalArgumentException("impossible attach options");
        }
    }

    public AttachOptions with(Method other) {
        return new AttachOptions(other, deadConnectionSeconds, tickMillis, usableMillis);
    }

    /** The same for a disk that may not answer yet. */
    public AttachOptions withoutFirstRead() {
        return new AttachOptions(method, deadConnectionSeconds, tickMillis, 0);
    }
}
