package io.lunbridge.nbd.kernel;

/**
 * The requests of the driver's generic netlink family ({@code linux/nbd-netlink.h}) and of the lookup of that family.
 *
 * <p>Each method gives one whole message. {@code family} is the number that the lookup answered; it changes when the
 * module is loaded again, so it is looked up for every exchange.
 */
final class NbdGenetlink {

    static final int CONTROL_FAMILY = 0x10;
    static final int CONTROL_GET_FAMILY = 3;
    static final int CONTROL_ATTRIBUTE_FAMILY_ID = 1;
    static final int CONTROL_ATTRIBUTE_FAMILY_NAME = 2;

    static final int CONNECT = 1;
    static final int DISCONNECT = 2;
    static final int RECONFIGURE = 3;

    static final int INDEX = 1;
    static final int SIZE_BYTES = 2;
    static final int BLOCK_SIZE_BYTES = 3;
    static final int TIMEOUT = 4;
    static final int SERVER_FLAGS = 5;
    static final int SOCKETS = 7;
    static final int DEAD_CONN_TIMEOUT = 8;
    static final int BACKEND_IDENTIFIER = 10;

    private static final int SOCKET_ITEM = 1;
    private static final int SOCKET_FD = 1;
    private static final int VERSION = 1;

    private NbdGenetlink() {}

    static byte[] getFamily(int sequence) {
        return new NetlinkWriter(CONTROL_FAMILY, sequence, CONTROL_GET_FAMILY, VERSION)
                .string(CONTROL_ATTRIBUTE_FAMILY_NAME, "nbd")
                .toBytes();
    }

    /**
     * Connects a device to the kernel's end of a socket pair. Without an index in {@code device} the kernel chooses:
     * the attribute is then left out, as -1 is refused.
     *
     * <p>TIMEOUT is always sent, as 0: a slow request then never costs the connection, and a value that an earlier
     * user of the device left is gone.
     */
    static byte[] connect(int family, int sequence, DeviceSetup setup, int kernelFd) {
        NetlinkWriter out = new NetlinkWriter(family, sequence, CONNECT, VERSION);
        if (setup.device() != null) {
            out.u32(INDEX, setup.device().index());
        }
        out.u64(SIZE_BYTES, setup.geometry().sizeBytes())
                .u64(BLOCK_SIZE_BYTES, setup.geometry().blockBytes())
                .u64(TIMEOUT, 0)
                .u64(SERVER_FLAGS, setup.flags())
                .u64(DEAD_CONN_TIMEOUT, setup.deadConnectionSeconds())
                .string(BACKEND_IDENTIFIER, setup.backendIdentifier());
        return socket(out, kernelFd).toBytes();
    }

    /**
     * Gives a connected device another socket in the place of a dead one.
     *
     * <p>No size: a change of size and of a socket in one message can wait for the very requests that the new socket is
     * to carry. No TIMEOUT: the device keeps that of CONNECT, which was 0, while sending it again would reset the
     * queue's {@code io_timeout} to 30 s for requests that start before that can be written again.
     */
    static byte[] reconnect(int family, int sequence, DeviceClaim claim, int kernelFd) {
        NetlinkWriter out = reconfigure(family, sequence, claim).u64(DEAD_CONN_TIMEOUT, claim.deadConnectionSeconds());
        return socket(out, kernelFd).toBytes();
    }

    /** Gives a connected device another size, and nothing else. */
    static byte[] resize(int family, int sequence, DeviceClaim claim, long sizeBytes) {
        return reconfigure(family, sequence, claim).u64(SIZE_BYTES, sizeBytes).toBytes();
    }

    private static NetlinkWriter reconfigure(int family, int sequence, DeviceClaim claim) {
        return new NetlinkWriter(family, sequence, RECONFIGURE, VERSION)
                .u32(INDEX, claim.device().index())
                .string(BACKEND_IDENTIFIER, claim.backendIdentifier());
    }

    private static NetlinkWriter socket(NetlinkWriter out, int kernelFd) {
        int sockets = out.begin(SOCKETS);
        int item = out.begin(SOCKET_ITEM);
        return out.u32(SOCKET_FD, kernelFd).end(item).end(sockets);
    }

    static byte[] disconnect(int family, int sequence, int index) {
        return new NetlinkWriter(family, sequence, DISCONNECT, VERSION)
                .u32(INDEX, index)
                .toBytes();
    }
}
