package io.lunbridge.isns;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An iSNS server. Any thread may ask; asking blocks. */
public final class IsnsServer {

    private final String host;
    private final int port;
    private final long limitMillis;

    /**
     * Does nothing yet.
     *
     * @param host a name or an address
     * @param port 1 to 65535; iSNS has 3205
     * @param limitMillis for all that a question takes but the lookup of the name
     */
    public IsnsServer(String host, int port, int limitMillis) {
        this.host = host;
        this.port = port;
        this.limitMillis = limitMillis;
    }

    /**
     * Asks for all targets that this initiator may see.
     *
     * @return in the server's order, each once
     * @throws UnknownHostException if the host's name means nothing
     * @throws IsnsException if there is no answer, or one that is no list of targets
     */
    public List<TargetPortal> portals(String initiatorName) throws UnknownHostException, IsnsException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        InetAddress[] addresses = InetAddress.getAllByName(host);
        IsnsException failure = IsnsException.of(host + " has no address");
        for (InetAddress address : addresses) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), remainingMillis(end));
                return ask(socket, initiatorName, end);
            } catch (IOException e) {
                failure = IsnsException.of("cannot talk to " + host + ":" + port + ": " + e.getMessage());
            } catch (IllegalArgumentException e) {
                throw IsnsException.of(port + " is no port");
            }
        }
        throw failure;
    }

    private static List<TargetPortal> ask(Socket socket, String initiatorName, long end)
            throws IOException, IsnsException {
        socket.getOutputStream().write(IsnsRequest.targets(initiatorName));
        return PortalGroups.read(IsnsAnswer.read(new Timed(socket, end)));
    }

    private static int remainingMillis(long end) throws SocketTimeoutException {
        long remaining = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (remaining <= 0) {
            throw new SocketTimeoutException("it does not answer");
        }
        return (int) remaining;
    }

    /** Ends at a time, however many bytes have come until then. */
    private static final class Timed extends FilterInputStream {

        private final Socket socket;
        private final long end;

        Timed(Socket socket, long end) throws IOException {
            super(socket.getInputStream());
            this.socket = socket;
            this.end = end;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            socket.setSoTimeout(remainingMillis(end));
            return in.read(to, offset, length);
        }
    }
}
