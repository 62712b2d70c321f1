package io.lunbridge.devices;

import io.lunbridge.nbd.client.NbdClient;
import io.lunbridge.nbd.client.NbdErrorException;
import io.lunbridge.nbd.protocol.NbdError;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A user of a {@link SocketKernel}'s device who, as those of the kernel's, does not see its process die: what was not
 * answered is asked again of the next one. An answer that is an error is one.
 */
final class SocketDisk implements AutoCloseable {

    static final int BLOCK_BYTES = 512;

    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Path socket;
    private @Nullable NbdClient client;

    SocketDisk(Path directory, String device) {
        socket = directory.resolve("kernel").resolve(device.substring("/dev/".length()) + ".socket");
    }

    /** Fills a block with that byte. */
    void write(int block, int content) throws IOException, InterruptedException {
        byte[] bytes = new byte[BLOCK_BYTES];
        java.util.Arrays.fill(bytes, (byte) content);
        repeat(live -> live.write((long) block * BLOCK_BYTES, ByteBuffer.wrap(bytes)));
    }

    /** The byte that fills a block; -1 if several do. */
    int read(int block) throws IOException, InterruptedException {
        byte[] bytes = new byte[BLOCK_BYTES];
        repeat(live -> live.read((long) block * BLOCK_BYTES, ByteBuffer.wrap(bytes)));
        for (byte each : bytes) {
            if (each != bytes[0]) {
                return -1;
            }
        }
        return Byte.toUnsignedInt(bytes[0]);
    }

    private interface Request {
        void on(NbdClient live) throws IOException;
    }

    private void repeat(Request request) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                if (client == null) {
                    client = NbdClient.connect(UnixDomainSocketAddress.of(socket), "", 60_000);
                }
                request.on(client);
                return;
            } catch (NbdErrorException e) {
                if (e.number() != NbdError.ESHUTDOWN.number()) {
                    throw e;
                }
                close();
            } catch (IOException e) {
                close();
                if (System.nanoTime() - startNanos > MAX_WAIT_NANOS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    @Override
    public void close() throws IOException {
        NbdClient last = client;
        client = null;
        if (last != null) {
            try {
                last.close();
            } catch (IOException e) {
                // Its other end is dead.
                return;
            }
        }
    }
}
