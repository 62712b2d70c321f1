package io.lunbridge.daemon;

import io.lunbridge.nbd.client.NbdClient;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;

/** The demo's data: random but repeatable bytes, written through NBD, read back and compared. Blocking. */
final class DemoData {

    private static final int CHUNK_BYTES = 1 << 20;
    private static final long SEED = 7143;
    private static final long MAX_SILENCE_MILLIS = 15_000;

    private final long lengthBytes;

    /**
     * Data for the start of the disk.
     *
     * @param lengthBytes a multiple of 1 MiB
     */
    DemoData(long lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    /** Writes, flushes, reads back on a second connection, compares. */
    void roundTrip(SocketAddress address) throws CommandException {
        try {
            try (NbdClient client = NbdClient.connect(address, "", MAX_SILENCE_MILLIS)) {
                Random random = new Random(SEED);
                for (long offset = 0; offset < lengthBytes; offset += CHUNK_BYTES) {
                    client.write(offset, ByteBuffer.wrap(next(random)));
                }
                client.flush();
            }
            try (NbdClient client = NbdClient.connect(address, "", MAX_SILENCE_MILLIS)) {
                Random random = new Random(SEED);
                for (long offset = 0; offset < lengthBytes; offset += CHUNK_BYTES) {
                    compare(client, offset, ByteBuffer.wrap(next(random)));
                }
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "the built-in NBD client failed: " + e.getMessage(), e);
        }
    }

    private static void compare(NbdClient client, long offset, ByteBuffer expected)
            throws IOException, CommandException {
        ByteBuffer actual = ByteBuffer.allocate(CHUNK_BYTES);
        client.read(offset, actual);
        int mismatch = expected.mismatch(actual.flip());
        if (mismatch >= 0) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "byte " + (offset + mismatch) + " came back changed; this is a bug, please report it");
        }
    }

    private static byte[] next(Random random) {
        byte[] bytes = new byte[CHUNK_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
