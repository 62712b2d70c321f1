package io.lunbridge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.ByteHistory;
import io.lunbridge.simulation.NbdWire.Request;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A client that asks at random and knows what every answer may be. */
final class NbdClientModel implements NbdWire.Listener {

    private static final int EIO = 5;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int ENOTSUP = 95;

    private final Random random;
    private final int sizeBytes;
    private final boolean structured;
    private final ByteHistory history;
    private final Map<Long, Pending> pending = new HashMap<>();
    private long lastCookie = 1L << 40;
    private int failures;

    NbdClientModel(long seed, int sizeBytes, boolean structured) {
        this.random = new Random(seed);
        this.sizeBytes = sizeBytes;
        this.structured = structured;
        this.history = new ByteHistory(sizeBytes);
    }

    int inFlight() {
        return pending.size();
    }

    int failures() {
        return failures;
    }

    /** The next request's bytes. */
    byte[] next() {
        int length = 1 + (random.nextInt(12) == 0 ? random.nextInt(9000) : random.nextInt(600));
        int offset = random.nextInt(sizeBytes - length + 1);
        if (random.nextInt(4) == 0) {
            offset = offset / 512 * 512;
        }
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> write(offset, length, offset);
            case 4, 5 -> change(NbdWire.WRITE_ZEROES, random.nextBoolean() ? NbdWire.NO_HOLE : 0, offset, length);
            case 6 -> change(NbdWire.WRITE_ZEROES, NbdWire.FAST_ZERO, offset, length);
            case 7 -> change(NbdWire.TRIM, 0, offset, length);
            case 8 -> harmless(NbdWire.FLUSH, 0, 0, 0);
            case 9 -> harmless(NbdWire.CACHE, offset, length, 0);
            case 10 -> structured ? harmless(NbdWire.BLOCK_STATUS, offset, length, 0) : read(offset, length);
            case 11 -> outside(length);
            default -> read(offset, length);
        };
    }

    /** Reads everything at once, to be judged like any other read. */
    byte[] readEverything() {
        return read(0, sizeBytes);
    }

    private byte[] read(int offset, int length) {
        Pending request = begin(NbdWire.READ, 0, offset, length);
        request.look = history.startRead(offset, length);
        request.found = new byte[length];
        return request.header.encode(new byte[0]);
    }

    private byte[] write(int offset, int length, long wireOffset) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        Pending request = begin(NbdWire.WRITE, random.nextBoolean() ? NbdWire.FUA : 0, wireOffset, length);
        request.change = history.startChange(offset, data);
        return request.header.encode(data);
    }

    private byte[] change(int type, int flags, int offset, int length) {
        Pending request = begin(type, flags, offset, length);
        request.change = history.startChange(offset, new byte[length]);
        return request.header.encode(new byte[0]);
    }

    private byte[] harmless(int type, long offset, int length, int expected) {
        Pending request = begin(type, 0, offset, length);
        request.expectedError = expected;
        return request.header.encode(new byte[0]);
    }

    /** A range that is not all inside: refused, its payload swallowed, and the stream stays in step. */
    private byte[] outside(int length) {
        long offset = random.nextBoolean() ? sizeBytes - length + 1L : Long.MIN_VALUE + random.nextInt(1000);
        if (random.nextBoolean()) {
            return harmless(NbdWire.READ, offset, length, EINVAL);
        }
        Pending request = begin(NbdWire.WRITE, 0, offset, length);
        request.expectedError = ENOSPC;
        byte[] data = new byte[length];
        random.nextBytes(data);
        return request.header.encode(data);
    }

    private Pending begin(int type, int flags, long offset, int length) {
        Pending request = new Pending(new Request(type, flags, ++lastCookie, offset, length));
        pending.put(lastCookie, request);
        return request;
    }

    @Override
    public int dataLength(long cookie) {
        return find(cookie).found.length;
    }

    @Override
    public void data(long cookie, long offset, byte[] bytes) {
        Pending request = find(cookie);
        int at = offset < 0 ? 0 : (int) (offset - request.header.offset());
        System.arraycopy(bytes, 0, request.found, at, bytes.length);
        request.foundBytes += bytes.length;
    }

    @Override
    public void status(long cookie, ByteBuffer chunk) {
        Request header = find(cookie).header;
        assertThat(header.type()).isEqualTo(NbdWire.BLOCK_STATUS);
        assertThat(chunk.getInt()).isEqualTo(1);
        long described = 0;
        while (chunk.hasRemaining()) {
            described += chunk.getInt() & 0xffff_ffffL;
            assertThat(chunk.getInt()).isBetween(0, 3);
        }
        assertThat(described).isPositive().isLessThanOrEqualTo(header.length());
    }

    @Override
    public void done(long cookie, int error) {
        Pending request = find(cookie);
        pending.remove(cookie);
        if (request.expectedError != 0) {
            assertThat(error).isEqualTo(request.expectedError);
        } else if (error != 0) {
            failures++;
            boolean refusedFast = (request.header.flags() & NbdWire.FAST_ZERO) != 0 && error == ENOTSUP;
            assertThat(error == EIO || refusedFast)
                    .as("error %d of %s", error, request.header)
                    .isTrue();
        }
        settle(request, error == 0);
    }

    private void settle(Pending request, boolean succeeded) {
        if (request.change != null) {
            // A trim may do nothing, so it never surely replaces what was there.
            history.finishChange(request.change, succeeded && request.header.type() != NbdWire.TRIM);
        } else if (request.look != null && succeeded) {
            assertThat(request.foundBytes).isEqualTo(request.header.length());
            history.finishRead(request.look, request.found);
        } else if (request.look != null) {
            history.abandonRead(request.look);
        }
    }

    /** The connection is gone: what was asked may have been done, or not. */
    void forgetInFlight() {
        for (Pending request : pending.values()) {
            settle(request, false);
        }
        pending.clear();
    }

    private Pending find(long cookie) {
        Pending request = pending.get(cookie);
        if (request == null) {
            throw new AssertionError("an answer to " + cookie + ", which nobody asked or was answered before");
        }
        return request;
    }

    /** Judges the medium itself. */
    void compare(byte[] medium) {
        history.finishRead(history.startRead(0, sizeBytes), Arrays.copyOf(medium, sizeBytes));
    }

    /** A request that is not answered yet. */
    private static final class Pending {

        private final Request header;
        private int expectedError;
        private ByteHistory.@Nullable Change change;
        private ByteHistory.@Nullable Look look;
        private byte[] found = new byte[0];
        private int foundBytes;

        Pending(Request header) {
            this.header = header;
        }
    }
}
