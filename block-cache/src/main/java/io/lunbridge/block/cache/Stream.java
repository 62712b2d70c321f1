package io.lunbridge.block.cache;

import io.lunbridge.block.Geometry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A sequential reader: where it is, how far ahead of it was read, and what of that is still to be wanted. */
final class Stream {

    private static final int LEAST_WINDOW_BYTES = 64 << 10;
    private static final int MAX_CHUNK_BYTES = 256 << 10;

    /** Reads in flight at once may overtake each other by so much. */
    private static final int DISORDER_BYTES = 1 << 20;

    private static final int FIRST_WINDOW_READS = 4;

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long nextBytes;
    private long fetchedToBytes;

    /** How far ahead shall be read; 0 as long as there has been one read only. */
    private int windowBytes;

    private long lastRead;

    Stream(long nextBytes, long lastRead) {
        this.nextBytes = nextBytes;
        this.lastRead = lastRead;
        fetchedToBytes = nextBytes;
    }

    /** The number, in the order of the device's reads, of this reader's last one. */
    long lastRead() {
        return lastRead;
    }

    boolean isReplaceable(long reads) {
        return windowBytes == 0 || reads - lastRead > ReadAhead.MAX_IDLE_READS;
    }

    boolean continuesWith(long offsetBytes) {
        return windowBytes == 0
                ? offsetBytes == nextBytes
                : offsetBytes >= nextBytes - DISORDER_BYTES && offsetBytes <= nextBytes + windowBytes;
    }

    /** The reader has read this; false where it has not come further by it. */
    boolean advance(long offsetBytes, int lengthBytes, long read, int maxWindowBytes) {
        lastRead = read;
        long end = offsetBytes + lengthBytes;
        if (end <= nextBytes) {
            return false;
        }
        nextBytes = end;
        fetchedToBytes = Math.max(fetchedToBytes, end);
        if (windowBytes == 0) {
            long wanted = Math.max(LEAST_WINDOW_BYTES, (long) FIRST_WINDOW_READS * lengthBytes);
            windowBytes = (int) Math.min(maxWindowBytes, wanted);
        }
        for (Chunk chunk = chunks.peek(); chunk != null && chunk.endBytes() <= offsetBytes; chunk = chunks.peek()) {
            chunks.poll();
            chunk.drop();
        }
        return true;
    }

    /** How much should be read ahead next, from where it ended last; 0 for nothing now. */
    int wantedBytes(Geometry geometry, int pageBytes) {
        int chunkBytes = Math.min(MAX_CHUNK_BYTES, Math.min(windowBytes / 2, geometry.maxTransferBytes()));
        chunkBytes = Math.max(chunkBytes - chunkBytes % pageBytes, geometry.blockBytes());
        if (fetchedToBytes + chunkBytes > nextBytes + windowBytes) {
            return 0;
        }
        return (int) Math.max(0, Math.min(chunkBytes, geometry.sizeBytes() - fetchedToBytes));
    }

    /** Where that begins. It is not wanted again. */
    long wanted(int lengthBytes) {
        long from = fetchedToBytes;
        fetchedToBytes += lengthBytes;
        return from;
    }

    void add(Chunk chunk) {
        chunks.add(chunk);
    }

    void widen(int maxWindowBytes) {
        windowBytes = (int) Math.min(maxWindowBytes, 2L * windowBytes);
    }

    @Nullable
    Chunk chunkAt(long offsetBytes) {
        for (Chunk chunk : chunks) {
            if (chunk.offsetBytes() <= offsetBytes && offsetBytes < chunk.endBytes()) {
                return chunk;
            }
        }
        return null;
    }

    /** The first chunk of those that a read needs which is not there yet. */
    @Nullable
    Chunk pendingOf(WaitingRead read) {
        for (Chunk chunk : chunks) {
            if (chunk.isPending() && chunk.overlaps(read)) {
                return chunk;
            }
        }
        return null;
    }

    /** All that the read wants, out of one chunk after the other; null where some of it is missing. */
    @Nullable
    ByteBuf slice(WaitingRead read) {
        ByteBuf found = Unpooled.EMPTY_BUFFER;
        for (Chunk chunk : chunks) {
            if (chunk.overlaps(read)) {
                ByteBuf part = chunk.slice(read);
                if (part == null) {
                    break;
                }
                found = found.isReadable() ? Unpooled.wrappedBuffer(found, part) : part;
            }
        }
        if (found.readableBytes() == read.lengthBytes()) {
            return found;
        }
        found.release();
        return null;
    }

    void drop() {
        chunks.forEach(Chunk::drop);
        chunks.clear();
    }
}
