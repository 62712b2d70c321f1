package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.nbd.handshake.UnixSocketFile;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's control socket: mode 0600, bound where nobody else can reach it before it has that mode, and open to root
 * and to the daemon's own user only. One thread accepts, a bounded number of others converse, none keeps the process alive.
 */
public final class ControlServer implements AutoCloseable {

    /** Requests under way, such as logins; whoever comes when there are so many is told so. */
    static final int MAX_CLIENTS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final long IDLE_THREAD_SECONDS = 10;
    private static final long MAX_CLOSE_MILLIS = 2000;

    /** When the system cannot give a connection, out of file descriptors maybe. */
    private static final long ACCEPT_RETRY_MILLIS = 100;

    private final ControlHandler handler;
    private final IntPredicate isAllowed;
    private final ControlTimes times;
    private final UnixSocketFile file;
    private final UnixServerSocketChannel channel;
    private final Selector selector;
    private final Thread accepting = new Thread(this::acceptUntilClosed, "lunbridge-control");
    private final ThreadPoolExecutor clients;
    private final ScheduledThreadPoolExecutor timer;
    private final CountDownLatch closing = new CountDownLatch(1);

    private ControlServer(Path socket, ControlHandler handler, IntPredicate isAllowed, ControlTimes times)
            throws IOException {
        this.handler = handler;
        this.isAllowed = isAllowed;
        this.times = times;
        file = UnixSocketFile.prepare(socket);
        channel = UnixServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.socket().bind(new UnixSocketAddress(file.bindPath().toFile()));
            file.publish();
            selector = channel.provider().openSelector();
            SelectionKey unused = channel.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            channel.close();
            file.remove();
            throw e;
        }
        ThreadFactory threads = daemonThreads("lunbridge-control-");
        clients = new ThreadPoolExecutor(
                0, MAX_CLIENTS, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
        timer = new ScheduledThreadPoolExecutor(1, daemonThreads("lunbridge-control-timer-"));
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Listens. The socket that a dead daemon left is replaced; a living one's is not. */
    public static ControlServer start(Path socket, ControlHandler handler) throws CommandException {
        int own = ownUserId();
        return start(socket, handler, user -> user == 0 || user == own, ControlTimes.DEFAULT);
    }

    static ControlServer start(Path socket, ControlHandler handler, IntPredicate isAllowed, ControlTimes times)
            throws CommandException {
        if (!ControlClient.isPossible(socket)) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "no control socket can be at " + socket + ": a socket's path is short and in ASCII; choose another"
                            + " LUNBRIDGE_ROOT");
        }
        try {
            Files.createDirectories(socket.toAbsolutePath().resolveSibling("."));
            ControlServer server = new ControlServer(socket, handler, isAllowed, times);
            server.accepting.setDaemon(true);
            server.accepting.start();
            return server;
        } catch (IOException e) {
            String reason = e instanceof FileSystemException known ? known.getReason() : null;
            throw new CommandException(
                    ExitCode.FAILURE,
                    "cannot listen on the control socket " + socket + ": " + (reason == null ? e.toString() : reason),
                    e);
        }
    }

    private static int ownUserId() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            LOG.warn("cannot tell which user this is ({}): only root may use the control socket", e.toString());
            return 0;
        }
    }

    private static ThreadFactory daemonThreads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private void acceptUntilClosed() {
        while (closing.getCount() > 0) {
            try {
                int unused = selector.select();
                selector.selectedKeys().clear();
                UnixSocketChannel client = channel.accept();
                if (client != null) {
                    admit(new ControlChannel(client));
                } else {
                    boolean unusedOpen = closing.await(ACCEPT_RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (IOException | RuntimeException e) {
                // Mostly a client that is gone already.
                LOG.debug("control socket: {}", e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** On the accepting thread: nothing here waits for the client. */
    private void admit(ControlChannel client) throws IOException {
        try {
            int user = client.peerUserId();
            if (!isAllowed.test(user)) {
                LOG.warn("user {} may not use the control socket", user);
                refuse(client, ExitCode.NOT_PERMITTED, "the daemon takes commands from root and its own user only");
                return;
            }
            clients.execute(new ControlConversation(client, handler, times, timer));
        } catch (RejectedExecutionException e) {
            refuse(client, ExitCode.BUSY, "the daemon is busy with " + MAX_CLIENTS + " commands; try again");
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private void refuse(ControlChannel client, ExitCode exitCode, String sentence) throws IOException {
        try (client) {
            // Fits into the socket's buffer, so it does not wait.
            client.write(ControlConversation.error(exitCode, sentence), times.progressWriteMillis());
        }
    }

    /** Takes no more requests and removes the socket; requests under way have a moment to be answered. Bounded. */
    @Override
    public void close() {
        // The stop signal, which is why we close, interrupts: the answers are waited for all the same.
        boolean interrupted = Thread.interrupted();
        closing.countDown();
        selector.wakeup();
        clients.shutdown();
        try {
            accepting.join(MAX_CLOSE_MILLIS);
            if (!clients.awaitTermination(MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("control requests are still under way; they are given up");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        clients.shutdownNow();
        timer.shutdownNow();
        try {
            selector.close();
            channel.close();
            file.remove();
        } catch (IOException e) {
            LOG.warn("control socket: {}", e.toString());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
