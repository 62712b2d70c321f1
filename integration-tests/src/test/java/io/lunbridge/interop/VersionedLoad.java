package io.lunbridge.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the first blocks of an export, many requests at a time, against {@link VersionedBlocks}. Never two
 * at once for the same block, since NBD orders none; of several connections any may be the next one's. One thread sends,
 * and one receives on each connection.
 */
public final class VersionedLoad implements AutoCloseable {

    private static final int DEPTH = 16;
    private static final int MOST_BLOCKS = 48;
    private static final int READ_ALL_BLOCKS = 64;

    private final List<NbdClient> clients = new ArrayList<>();
    private final VersionedBlocks blocks;
    private final Random random;
    private final Semaphore slots = new Semaphore(DEPTH);
    private final BitSet busy = new BitSet();
    private final Map<Long, Request> requests = new HashMap<>();
    private long lastCookie;
    private long failed;
    private long failedFlushes;
    private long answered;
    private long lastAnswerNanos = System.nanoTime();
    private long longestSilenceNanos;
    private @Nullable Exception broken;
    private volatile boolean stopping;
    private @Nullable Thread sender;

    /**
     * A request under way.
     *
     * @param first number of its first block
     * @param count how many blocks
     */
    private record Request(int type, int first, int count, long sentNanos) {}

    /** On an export whose first {@code count} blocks are zeroes. */
    public VersionedLoad(Path socket, int count, long seed) throws IOException {
        this(socket, count, seed, 1);
    }

    /** The same by so many connections. */
    public VersionedLoad(Path socket, int count, long seed, int connections) throws IOException {
        blocks = new VersionedBlocks(count, seed);
        random = new Random(seed);
        for (int i = 0; i < connections; i++) {
            NbdClient client = new NbdClient(socket);
            clients.add(client);
            Thread receiver = new Thread(() -> receive(client), "load-receiver");
            receiver.setDaemon(true);
            receiver.start();
        }
    }

    /** Begins to send, until {@link #stop(long)}. */
    public void start() {
        stopping = false;
        sender = new Thread(this::send, "load-sender");
        sender.setDaemon(true);
        sender.start();
    }

    private void send() {
        while (!stopping && broken() == null) {
            sendOne(random.nextInt(100));
        }
    }

    private void sendOne(int choice) {
        slots.acquireUninterruptibly();
        int type = choice < 55 ? NbdClient.WRITE : choice < 98 ? NbdClient.READ : NbdClient.FLUSH;
        int count = random.nextInt(8) == 0 ? 1 + random.nextInt(MOST_BLOCKS) : 1 + random.nextInt(4);
        submit(type, random.nextInt(blocks.count() - count + 1), type == NbdClient.FLUSH ? 0 : count);
    }

    /** Sends it, or lets the slot go where one of the blocks is busy. */
    private void submit(int type, int first, int count) {
        try {
            long cookie;
            ByteBuffer data = null;
            NbdClient client = clients.get(random.nextInt(clients.size()));
            synchronized (this) {
                int next = busy.nextSetBit(first);
                if (broken != null || (count > 0 && next >= 0 && next < first + count)) {
                    slots.release();
                    return;
                }
                busy.set(first, first + count);
                cookie = ++lastCookie;
                requests.put(cookie, new Request(type, first, count, System.nanoTime()));
                if (type == NbdClient.WRITE) {
                    data = blocks.nextVersions(first, count);
                }
            }
            long offset = (long) first * VersionedBlocks.BLOCK_BYTES;
            if (data != null) {
                client.send(type, cookie, offset, data);
            } else {
                client.send(type, cookie, count == 0 ? 0 : offset, count * VersionedBlocks.BLOCK_BYTES);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void receive(NbdClient client) {
        try {
            while (true) {
                NbdClient.Reply reply = client.receive();
                Request request;
                synchronized (this) {
                    request = requests.remove(reply.cookie());
                }
                if (request == null) {
                    throw new IOException("an answer to nothing that was asked: " + reply);
                }
                boolean hasData = request.type == NbdClient.READ && reply.error() == 0;
                byte[] data = hasData ? client.data(request.count * VersionedBlocks.BLOCK_BYTES) : new byte[0];
                ended(request, reply.error(), data);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private synchronized void ended(Request request, int error, byte[] data) {
        long now = System.nanoTime();
        longestSilenceNanos = Math.max(longestSilenceNanos, now - Math.max(lastAnswerNanos, request.sentNanos));
        lastAnswerNanos = now;
        if (error != 0 && request.type == NbdClient.FLUSH) {
            failedFlushes++;
        } else if (error != 0) {
            failed++;
        } else {
            answered++;
            if (request.type == NbdClient.WRITE) {
                blocks.answered(request.first, request.count);
            } else if (request.type == NbdClient.READ) {
                blocks.found(request.first, data);
            }
        }
        busy.clear(request.first, request.first + request.count);
        slots.release();
        notifyAll();
    }

    private synchronized void fail(IOException e) {
        if (broken == null) {
            broken = e;
        }
        slots.release(DEPTH);
        notifyAll();
    }

    private synchronized @Nullable Exception broken() {
        return broken;
    }

    /** Sends nothing more and waits until everything is answered. */
    public void stop(long limitMillis) {
        stopping = true;
        try {
            Thread thread = sender;
            if (thread != null) {
                thread.join(limitMillis);
            }
            awaitAnswers(limitMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Sends nothing more, and leaves open what is not answered by then. */
    void abandon(long limitMillis) throws InterruptedException {
        stopping = true;
        Thread thread = sender;
        if (thread != null) {
            slots.release(DEPTH);
            thread.join(limitMillis);
        }
    }

    private synchronized void awaitAnswers(long limitMillis) throws InterruptedException {
        long endNanos = System.nanoTime() + limitMillis * 1_000_000;
        while (!requests.isEmpty() && broken == null) {
            long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                throw new AssertionError(requests.size() + " requests without an answer for " + limitMillis + " ms");
            }
            wait(leftMillis);
        }
        if (broken != null) {
            throw new AssertionError("the NBD connection broke", broken);
        }
    }

    /** After {@link #stop(long)}: flushes, so that what a loss has to tell is told to this client and to nobody later; whether it succeeded. */
    public boolean flush(long limitMillis) {
        long before = failedFlushes();
        slots.acquireUninterruptibly();
        submit(NbdClient.FLUSH, 0, 0);
        stop(limitMillis);
        return failedFlushes() == before;
    }

    /** After {@link #stop(long)}: reads every block. */
    public void readAll(long limitMillis) {
        for (int first = 0; first < blocks.count(); first += READ_ALL_BLOCKS) {
            slots.acquireUninterruptibly();
            submit(NbdClient.READ, first, Math.min(READ_ALL_BLOCKS, blocks.count() - first));
        }
        stop(limitMillis);
    }

    /** After {@link #stop(long)}: checks the blocks in the LUN's own file. */
    public void checkFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            for (int block = 0; block < blocks.count(); block++) {
                blocks.found(block, in.readNBytes(VersionedBlocks.BLOCK_BYTES));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was read that must not be. */
    public synchronized List<String> wrong() {
        return List.copyOf(blocks.wrong());
    }

    /** How many reads and writes were answered with an error. */
    public synchronized long failed() {
        return failed;
    }

    /** How many flushes were answered with an error, as after a loss of what a target had not yet written. */
    public synchronized long failedFlushes() {
        return failedFlushes;
    }

    /** How many requests were answered well. */
    public synchronized long answered() {
        return answered;
    }

    public synchronized long checkedBlocks() {
        return blocks.checkedBlocks();
    }

    /** The longest time in which there were requests and none was answered. */
    public synchronized long longestSilenceMillis() {
        return longestSilenceNanos / 1_000_000;
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        for (NbdClient client : clients) {
            client.close();
        }
    }
}
