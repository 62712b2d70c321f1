package io.lunbridge.faults;

import io.lunbridge.faults.Injection.Direction;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One connection through {@link FaultProxy}: a thread for each direction, which forwards PDU by PDU. */
final class ProxiedConnection {

    private static final int SEGMENTS = 4096;
    private static final int BUFFER_BYTES = 1 << 18;

    /** By then the disk has been opened again and writes are on their way. */
    private static final int IN_USE_AFTER = 64;

    private final Socket initiator;
    private final Socket target;
    private final FaultProxy proxy;
    private final Digests digests = new Digests();
    private final AtomicReference<@Nullable Injection> armed = new AtomicReference<>();
    private final AtomicReference<@Nullable Injection> lastArmed = new AtomicReference<>();
    private final AtomicInteger sentToTarget = new AtomicInteger();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /** Nothing is forwarded any more; what is still sent is read and dropped. */
    private volatile boolean swallowing;

    /** The end of one side is not to be seen by the other either. */
    private volatile boolean silent;

    private volatile boolean holding;
    private volatile long stalledUntilNanos = System.nanoTime();
    private volatile long slowUntilNanos = System.nanoTime();
    private volatile long splitUntilNanos = System.nanoTime();

    ProxiedConnection(Socket initiator, Socket target, FaultProxy proxy) throws IOException {
        this.initiator = initiator;
        this.target = target;
        this.proxy = proxy;
        initiator.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
    }

    void start() {
        for (Direction direction : Direction.values()) {
            Thread thread = new Thread(() -> pump(direction), "proxy-" + direction);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Whether it is logged in and forwards. */
    boolean isUp() {
        return digests.loggedIn() && !swallowing && !initiator.isClosed() && !target.isClosed();
    }

    /** Whether, besides, it carries reads and writes. */
    boolean isInUse() {
        return isUp() && sentToTarget.get() >= IN_USE_AFTER;
    }

    /** Lets the fault happen to the next PDU that it fits, once, however often this is called with it. */
    @SuppressWarnings("ReferenceEquality") // the same one, not one alike
    void arm(Injection injection) {
        if (lastArmed.getAndSet(injection) != injection) {
            armed.set(injection);
        }
    }

    private void pump(Direction direction) {
        Socket from = direction == Direction.TO_TARGET ? initiator : target;
        Socket to = direction == Direction.TO_TARGET ? target : initiator;
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream(), BUFFER_BYTES));
            for (Pdu pdu = Pdu.read(in, digests); pdu != null; pdu = Pdu.read(in, digests)) {
                pass(direction, pdu, to.getOutputStream());
            }
        } catch (IOException e) {
            // As good as an end: the other side is told by one below.
        } finally {
            ended(from, to);
        }
    }

    private void ended(Socket from, Socket to) {
        close(from);
        if (!silent) {
            close(to);
        }
    }

    private void pass(Direction direction, Pdu pdu, OutputStream to) throws IOException {
        if (pdu.isLogin()) {
            digests.observe(pdu);
        }
        awaitEnd(stalledUntilNanos);
        Injection injection = armed.get();
        if (injection != null
                && injection.direction() == direction
                && digests.loggedIn()
                && injection.fits(pdu)
                && armed.compareAndSet(injection, null)) {
            proxy.injected(injection.fault());
            inject(injection, pdu, to);
        }
        if (swallowing) {
            hold(direction, pdu);
        } else {
            forward(pdu.bytes(), to);
            if (direction == Direction.TO_TARGET && sentToTarget.incrementAndGet() == IN_USE_AFTER) {
                proxy.inUse(this);
            }
        }
    }

    private void inject(Injection injection, Pdu pdu, OutputStream to) throws IOException {
        long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(injection.millis());
        int part = injection.position() % pdu.bytes().length;
        switch (injection.fault()) {
            case CUT -> {
                swallowing = true;
                to.write(pdu.bytes(), 0, part);
                initiator.shutdownOutput();
                target.shutdownOutput();
            }
            case RESET -> {
                swallowing = true;
                to.write(pdu.bytes(), 0, part);
                reset(initiator);
                reset(target);
            }
            case HALF_OPEN -> beSilent(false);
            case LATE -> beSilent(true);
            case STALL -> {
                stalledUntilNanos = untilNanos;
                awaitEnd(untilNanos);
            }
            case DELAY -> slowUntilNanos = untilNanos;
            case SPLIT -> splitUntilNanos = untilNanos;
            case CORRUPT_HEADER -> pdu.corruptHeader(injection.position());
            case CORRUPT_DATA -> pdu.corruptData(injection.position());
        }
    }

    private void beSilent(boolean hold) {
        silent = true;
        holding = hold;
        swallowing = true;
    }

    private void hold(Direction direction, Pdu pdu) {
        if (holding && direction == Direction.TO_TARGET) {
            synchronized (held) {
                held.writeBytes(pdu.bytes());
            }
        }
    }

    /** Sends the target what was held, if it still listens on this connection. */
    void releaseHeld() {
        synchronized (held) {
            if (!holding) {
                return;
            }
            holding = false;
            try {
                target.getOutputStream().write(held.toByteArray());
            } catch (IOException e) {
                // The target has closed it: what it should do when the session is reinstated.
            }
        }
    }

    private void forward(byte[] bytes, OutputStream to) throws IOException {
        if (slowUntilNanos - System.nanoTime() > 0) {
            pause(2);
        }
        if (splitUntilNanos - System.nanoTime() > 0) {
            int split = Math.min(bytes.length, SEGMENTS);
            for (int i = 0; i < split; i++) {
                to.write(bytes, i, 1);
            }
            to.write(bytes, split, bytes.length - split);
        } else {
            to.write(bytes);
        }
    }

    private static void awaitEnd(long nanos) {
        long left = nanos - System.nanoTime();
        if (left > 0) {
            pause(left / 1_000_000 + 1);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends both sides with RST. */
    void reset() {
        swallowing = true;
        reset(initiator);
        reset(target);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("a close that fails", e);
        }
    }

    void close() {
        close(initiator);
        close(target);
    }
}
