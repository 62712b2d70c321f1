package io.lunbridge.block.cache;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Geometry;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds sequential readers among the reads of a device and reads ahead of each: twice as far each time it proves right,
 * up to a maximum. A reader that goes elsewhere is forgotten with what was read for it. Confined to the device's loop.
 *
 * <p>What was read ahead is kept apart from the pages, as it came, and only until its reader has passed it: many pages
 * that are asked for once would be refused by a cache that prefers what is asked for often. It counts as long as
 * nothing near it has been changed.
 */
final class ReadAhead {

    static final int MAX_STREAMS = 8;

    /** Most reads of its own that are with the lower device. */
    static final int MAX_IN_FLIGHT = 16;

    /** Reads by others after which a reader that has been read ahead for is taken to have gone. */
    static final int MAX_IDLE_READS = 256;

    /** How often a read waits for what is being read ahead before it goes down by itself. */
    private static final int MAX_WAITS = 4;

    private final CachingBlockDevice device;
    private final BlockDevice lower;
    private final int maxWindowBytes;
    private final @Nullable Stream[] streams = new Stream[MAX_STREAMS];
    private long reads;
    private int inFlight;
    private long hits;
    private long fetchedBytes;

    ReadAhead(CachingBlockDevice device, BlockDevice lower, int maxWindowBytes) {
        this.device = device;
        this.lower = lower;
        this.maxWindowBytes = maxWindowBytes;
    }

    long hits() {
        return hits;
    }

    long fetchedBytes() {
        return fetchedBytes;
    }

    /** Answers a read from what was read ahead, or lets it wait for that; false where there is nothing of it. */
    boolean take(long offsetBytes, int lengthBytes, Completion done) {
        return isFor(lengthBytes) && take(new WaitingRead(offsetBytes, lengthBytes, done, MAX_WAITS));
    }

    /** Large reads keep the target busy by themselves: reading ahead of those made them slower. */
    private boolean isFor(int lengthBytes) {
        return maxWindowBytes > 0 && lengthBytes <= CachingBlockDevice.MAX_FILL_BYTES;
    }

    private boolean take(WaitingRead read) {
        for (Stream stream : streams) {
            Chunk chunk = stream == null ? null : stream.chunkAt(read.offsetBytes());
            if (stream != null && chunk != null) {
                return take(read, stream, chunk);
            }
        }
        return false;
    }

    private boolean take(WaitingRead read, Stream stream, Chunk first) {
        Chunk pending = stream.pendingOf(read);
        if (pending != null) {
            if (read.waitsLeft() == 0) {
                return false;
            }
            pending.add(read.waitingOnceMore());
            return true;
        }
        ByteBuf data = stream.slice(read);
        if (data == null) {
            return false;
        }
        hits++;
        if (read.endBytes() <= first.endBytes() && !device.cache().isFull()) {
            device.cache().fill(read.offsetBytes(), data, first.watch());
        }
        follow(read.offsetBytes(), read.lengthBytes());
        read.done().succeeded(data);
        return true;
    }

    /** What a read has waited for is there, or will not come. */
    private void resume(WaitingRead read) {
        if (!take(read)) {
            device.readBelow(read.offsetBytes(), read.lengthBytes(), read.done());
            follow(read.offsetBytes(), read.lengthBytes());
        }
    }

    /** A read has been made: goes on reading ahead of its reader, if it is one that is known. */
    void follow(long offsetBytes, int lengthBytes) {
        if (!isFor(lengthBytes) || device.isClosed()) {
            return;
        }
        reads++;
        for (Stream stream : streams) {
            if (stream != null && stream.continuesWith(offsetBytes)) {
                if (stream.advance(offsetBytes, lengthBytes, reads, maxWindowBytes)) {
                    fetch(stream);
                }
                return;
            }
        }
        begin(offsetBytes + lengthBytes);
    }

    /** A new reader, in place of the one that has been silent longest among those that nothing was read ahead for. */
    private void begin(long nextBytes) {
        int oldest = -1;
        for (int i = 0; i < MAX_STREAMS; i++) {
            Stream stream = streams[i];
            if (stream == null) {
                streams[i] = new Stream(nextBytes, reads);
                return;
            }
            if (stream.isReplaceable(reads)
                    && (oldest < 0 || stream.lastRead() < streamAt(oldest).lastRead())) {
                oldest = i;
            }
        }
        if (oldest >= 0) {
            streamAt(oldest).drop();
            streams[oldest] = new Stream(nextBytes, reads);
        }
    }

    private Stream streamAt(int index) {
        Stream stream = streams[index];
        if (stream == null) {
            throw new IllegalStateException("no stream " + index);
        }
        return stream;
    }

    private void fetch(Stream stream) {
        Geometry geometry = lower.geometry();
        boolean fetched = false;
        while (inFlight < MAX_IN_FLIGHT && !device.isClosed()) {
            int length = stream.wantedBytes(geometry, device.cache().pageBytes());
            if (length == 0) {
                break;
            }
            long offset = stream.wanted(length);
            fetched = true;
            if (!device.holds(offset, length)) {
                Chunk chunk = new Chunk(this, device.cache().guard(), offset, length);
                stream.add(chunk);
                inFlight++;
                fetchedBytes += length;
                lower.read(offset, length, chunk);
            }
        }
        if (fetched) {
            stream.widen(maxWindowBytes);
        }
    }

    /** A chunk has been answered; called once for each. */
    void answered(Chunk chunk) {
        inFlight--;
        for (WaitingRead read = chunk.nextWaiting(); read != null; read = chunk.nextWaiting()) {
            resume(read);
        }
    }

    /** Drops all that was read ahead, and what is still to come; reads that wait for it go down when it comes. */
    void forget() {
        for (int i = 0; i < MAX_STREAMS; i++) {
            Stream stream = streams[i];
            if (stream != null) {
                streams[i] = null;
                stream.drop();
            }
        }
    }
}
