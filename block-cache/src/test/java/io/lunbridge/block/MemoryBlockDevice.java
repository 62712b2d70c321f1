package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A sparse disk in memory that knows its holes. Answers before the call returns, or, with {@link #answerLater}, carries
 * the request out and answers on a later turn of the loop. Does not check what the contract leaves to the caller.
 */
public final class MemoryBlockDevice implements BlockDevice {

    private final EventLoop loop;
    private final SparseBytes bytes;
    private final List<GeometryListener> listeners = new ArrayList<>();
    private final Queue<Pending> pending = new ArrayDeque<>();
    private Geometry geometry;
    private boolean later;
    private boolean closed;

    public MemoryBlockDevice(EventLoop loop, Geometry geometry) {
        this(loop, geometry, new SparseBytes(Math.max(512, geometry.blockBytes())));
    }

    private MemoryBlockDevice(EventLoop loop, Geometry geometry, SparseBytes bytes) {
        this.loop = loop;
        this.geometry = geometry;
        this.bytes = bytes;
    }

    /** Another way to the same medium, as another session with a target is. */
    public MemoryBlockDevice another() {
        return new MemoryBlockDevice(loop, geometry, bytes);
    }

    /** Tells the listeners that somebody else may have written. Called on the loop. */
    public void doubt() {
        List.copyOf(listeners).forEach(GeometryListener::contentDoubtful);
    }

    /** A disk of 512-byte blocks that can do everything, at most 1 MiB at once. */
    public static MemoryBlockDevice of(EventLoop loop, long sizeBytes) {
        return new MemoryBlockDevice(loop, TestGeometry.of(sizeBytes, 512, 1 << 20));
    }

    /** From now on requests are carried out and answered on a later turn of the loop, in their order. */
    public MemoryBlockDevice answerLater() {
        later = true;
        return this;
    }

    /** The medium itself, to look at and to fill behind the device's back. */
    public SparseBytes bytes() {
        return bytes;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Becomes another disk of the same content, and tells the listeners. Called on the loop. */
    public void change(Geometry now) {
        Geometry before = geometry;
        geometry = now;
        bytes.truncate(now.sizeBytes());
        List.copyOf(listeners).forEach(listener -> listener.geometryChanged(before, now));
    }

    /** Becomes so many bytes larger, or smaller if negative, and tells the listeners. Called on the loop. */
    public void resizeBy(long bytes) {
        change(TestGeometry.resized(geometry, geometry.sizeBytes() + bytes));
    }

    /** Is gone for good, and tells the listeners. Called on the loop. */
    public void vanish(BlockException cause) {
        closed = true;
        failPending();
        List.copyOf(listeners).forEach(listener -> listener.deviceGone(cause));
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public void addGeometryListener(GeometryListener listener) {
        listeners.add(listener);
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        submit(done, Unpooled.EMPTY_BUFFER, () -> {
            ByteBuf data = ByteBufAllocator.DEFAULT.buffer(lengthBytes);
            bytes.read(offsetBytes, lengthBytes, data);
            done.succeeded(data);
        });
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        submit(done, data, () -> {
            bytes.write(offsetBytes, data);
            data.release();
            done.succeeded(Unpooled.EMPTY_BUFFER);
        });
    }

    @Override
    public void flush(Completion done) {
        submit(done, Unpooled.EMPTY_BUFFER, () -> done.succeeded(Unpooled.EMPTY_BUFFER));
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        submit(done, Unpooled.EMPTY_BUFFER, () -> {
            bytes.zero(offsetBytes, lengthBytes, true);
            done.succeeded(Unpooled.EMPTY_BUFFER);
        });
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        if (zeroing.onlyIfFast() && !geometry.has(Feature.FAST_ZERO)) {
            done.failed(new BlockException(BlockError.UNSUPPORTED, "zeroing is as slow as writing here"));
            return;
        }
        submit(done, Unpooled.EMPTY_BUFFER, () -> {
            bytes.zero(offsetBytes, lengthBytes, zeroing.mayDeallocate());
            done.succeeded(Unpooled.EMPTY_BUFFER);
        });
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        if (closed) {
            done.failed(shutDown());
        } else if (geometry.has(Feature.BLOCK_STATUS)) {
            done.succeeded(bytes.extents(offsetBytes, lengthBytes));
        } else {
            done.succeeded(List.of(new Extent(lengthBytes, false, false)));
        }
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        flush(done);
    }

    @Override
    public void close(Completion done) {
        closed = true;
        failPending();
        done.succeeded(Unpooled.EMPTY_BUFFER);
    }

    private void submit(Completion done, ByteBuf data, Runnable work) {
        if (closed) {
            data.release();
            done.failed(shutDown());
        } else if (later) {
            pending.add(new Pending(done, data, work));
            loop.execute(this::carryOutOldest);
        } else {
            work.run();
        }
    }

    private void carryOutOldest() {
        Pending oldest = pending.poll();
        if (oldest != null) {
            oldest.work().run();
        }
    }

    private void failPending() {
        for (Pending request = pending.poll(); request != null; request = pending.poll()) {
            request.data().release();
            request.done().failed(shutDown());
        }
    }

    private static BlockException shutDown() {
        return new BlockException(BlockError.SHUT_DOWN, "the memory disk is closed");
    }

    private record Pending(Completion done, ByteBuf data, Runnable work) {}
}
