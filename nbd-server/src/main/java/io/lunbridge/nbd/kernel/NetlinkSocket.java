package io.lunbridge.nbd.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** A generic netlink socket for one exchange after another. The kernel does the work inside the send. */
final class NetlinkSocket implements AutoCloseable {

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_GENERIC = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int RECEIVE_TIMEOUT_SECONDS = 10;
    private static final int DATAGRAM_BYTES_MAX = 16384;

    private final int fd;
    private int sequence;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    static NetlinkSocket open() throws IOException {
        int fd = Native.LIBC.socket(AF_NETLINK, SOCK_RAW | Native.O_CLOEXEC, NETLINK_GENERIC);
        if (fd < 0) {
            throw new IOException("no netlink socket: " + Native.errorName(Native.errno()));
        }
        NetlinkSocket socket = new NetlinkSocket(fd);
        ByteBuffer timeout = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        timeout.putLong(RECEIVE_TIMEOUT_SECONDS).putLong(0);
        ByteBuffer address = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        address.putShort((short) AF_NETLINK);
        if (Native.LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout.array(), 16) < 0
                || Native.LIBC.bind(fd, address.array(), 12) < 0) {
            int errno = Native.errno();
            socket.close();
            throw new IOException("netlink socket unusable: " + Native.errorName(errno));
        }
        return socket;
    }

    /**
     * Sends what {@code request} makes of a sequence number and reads until the kernel's final message.
     *
     * @param answer is shown each answer before the final message
     * @return 0, or the errno with which the kernel refused
     */
    int exchange(IntFunction<byte[]> request, Consumer<NetlinkReader> answer) throws IOException {
        sequence++;
        byte[] message = request.apply(sequence);
        if (Native.LIBC.send(fd, message, message.length, 0) < 0) {
            throw new IOException("netlink request not sent: " + Native.errorName(Native.errno()));
        }
        byte[] datagram = new byte[DATAGRAM_BYTES_MAX];
        while (true) {
            NetlinkReader reader = new NetlinkReader(datagram, receive(datagram));
            while (reader.next()) {
                if (reader.sequence() != sequence) {
                    continue;
                }
                if (reader.type() == NetlinkReader.TYPE_ERROR) {
                    return reader.errno();
                }
                answer.accept(reader);
            }
        }
    }

    private int receive(byte[] datagram) throws IOException {
        while (true) {
            long received = Native.LIBC.recv(fd, datagram, datagram.length, 0);
            if (received >= 0) {
                return (int) received;
            }
            if (Native.errno() != Native.EINTR) {
                throw new IOException("no netlink answer: " + Native.errorName(Native.errno()));
            }
        }
    }

    @Override
    public void close() {
        Native.LIBC.close(fd);
    }
}
