package io.lunbridge.scripted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A listener that plays one script on each connection, in the order in which they come. Connections beyond the last
 * script are closed at once and counted.
 */
public final class ScriptedTarget implements AutoCloseable {

    public static final String IQN = "iqn.2026-11.io.lunbridge:scripted";
    private static final Duration SCRIPT_LIMIT = Peer.PATIENCE.multipliedBy(4);

    private final ServerSocket listener;
    private final List<Script> scripts;
    private final CountDownLatch unplayed;
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Peer> peers = new ConcurrentLinkedQueue<>();
    private final VirtualDisk disk = new VirtualDisk();

    private ScriptedTarget(List<Script> scripts) {
        this.scripts = scripts;
        unplayed = new CountDownLatch(scripts.size());
        try {
            listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a target that plays the first script on its first connection, the second on its second, … */
    public static ScriptedTarget playing(Script... scripts) {
        ScriptedTarget target = new ScriptedTarget(List.of(scripts));
        target.start("scripted-target-accept", target::accept);
        return target;
    }

    private void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                int index = connections.getAndIncrement();
                if (index < scripts.size()) {
                    Peer peer = new Peer(socket, disk);
                    peers.add(peer);
                    start("scripted-target-" + index, () -> play(scripts.get(index), peer));
                } else {
                    socket.close();
                }
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                failures.add(e);
            }
        }
    }

    private void play(Script script, Peer peer) {
        try (peer) {
            script.play(peer);
        } catch (Throwable e) {
            failures.add(e);
        } finally {
            unplayed.countDown();
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return "iscsi://127.0.0.1:" + port() + "/" + IQN + "/" + VirtualDisk.LUN;
    }

    public VirtualDisk disk() {
        return disk;
    }

    /** How many connections came, those beyond the scripts too. */
    public int connectionCount() {
        return connections.get();
    }

    /** Waits until every script has been played to its end, and throws what the first failing one threw. */
    public void assertPlayed() {
        try {
            boolean done = unplayed.await(SCRIPT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            assertNoFailure();
            if (!done) {
                throw new AssertionError("scripts still running or never begun after " + SCRIPT_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Whether a script has failed, so that nothing good can come any more. */
    public boolean hasFailed() {
        return !failures.isEmpty();
    }

    /** If a script has failed, throws that, with {@code consequence} as what came of it. */
    public void assertNoFailure(Throwable consequence) {
        try {
            assertNoFailure();
        } catch (AssertionError e) {
            e.addSuppressed(consequence);
            throw e;
        }
    }

    private void assertNoFailure() {
        @Nullable Throwable failure = failures.peek();
        if (failure != null) {
            throw new AssertionError("the script failed: " + failure.getMessage(), failure);
        }
    }

    /** Ends everything; throws what a script threw, as a test that fails for another reason wants to show both. */
    @Override
    public void close() {
        try {
            listener.close();
            assertNoFailure();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            peers.forEach(Peer::close);
        }
    }
}
