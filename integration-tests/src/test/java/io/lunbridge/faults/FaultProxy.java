package io.lunbridge.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Stands between an initiator and a target on the loopback interface, forwards PDU by PDU, and does what it is told to
 * the newest connection. It parses PDUs itself and shares no code with the product.
 *
 * <p>Only addresses are not translated: a target that redirects or names its portals leads past the proxy.
 */
final class FaultProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int targetPort;
    private final List<ProxiedConnection> connections = new CopyOnWriteArrayList<>();
    private final Map<Fault, Integer> injected = Collections.synchronizedMap(new EnumMap<>(Fault.class));
    private volatile boolean refusing;

    /** Forwards what connects to {@link #port()}, to this port. */
    FaultProxy(int targetPort) {
        this.targetPort = targetPort;
        try {
            listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::accept, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket initiator = listener.accept();
                if (refusing) {
                    initiator.setSoLinger(true, 0);
                    initiator.close();
                } else {
                    connect(initiator);
                }
            } catch (IOException e) {
                // The listener is closed, or the target does not listen: the initiator sees its connection end.
            }
        }
    }

    private void connect(Socket initiator) throws IOException {
        try {
            Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            ProxiedConnection connection = new ProxiedConnection(initiator, target, this);
            connections.add(connection);
            connection.start();
        } catch (IOException e) {
            initiator.close();
            throw e;
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections there have been. */
    int connectionCount() {
        return connections.size();
    }

    /** The newest connection that carries reads and writes; null while there is none. */
    @Nullable
    ProxiedConnection inUse() {
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).isInUse()) {
                return connections.get(i);
            }
        }
        return null;
    }

    /** The network is gone: all connections end, new ones are refused, until {@link #restore()}. */
    void interrupt() {
        refusing = true;
        connections.forEach(ProxiedConnection::reset);
    }

    /** The connections that there are go on, new ones are refused, until {@link #restore()}. */
    void refuseNew() {
        refusing = true;
    }

    /** What {@link Fault#LATE} holds comes to the target now, on its old connection. */
    void deliverLate() {
        connections.forEach(ProxiedConnection::releaseHeld);
    }

    void restore() {
        refusing = false;
    }

    void injected(Fault fault) {
        injected.merge(fault, 1, Integer::sum);
    }

    /** A connection carries writes: the time for what older ones hold. */
    void inUse(ProxiedConnection newer) {
        for (ProxiedConnection older : connections) {
            if (older != newer) {
                older.releaseHeld();
            }
        }
    }

    /** How often each fault has happened; without those that have not. */
    Map<Fault, Integer> injected() {
        synchronized (injected) {
            return new TreeMap<>(injected);
        }
    }

    int injectedInAll() {
        return injected().values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(ProxiedConnection::close);
    }
}
