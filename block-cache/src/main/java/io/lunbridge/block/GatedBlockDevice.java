package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client's view of a device, whose changes wait or fail while a {@link ModificationGate} is shut. Reads and flushes go
 * on. Does not own the lower device; closing is {@link #abandon}.
 */
public final class GatedBlockDevice implements BlockDevice {

    /** Most changes that wait; one more fails. */
    static final int HELD_MAX = 8192;

    private final BlockDevice lower;
    private final ModificationGate gate;
    private final Runnable listener;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private boolean abandoned;

    /** Called on the lower device's loop. */
    public GatedBlockDevice(BlockDevice lower, ModificationGate gate) {
        this.lower = lower;
        this.gate = gate;
        listener = () -> lower.eventLoop().execute(this::gateMoved);
        gate.add(listener);
    }

    @Override
    public EventLoop eventLoop() {
        return lower.eventLoop();
    }

    @Override
    public Geometry geometry() {
        return lower.geometry();
    }

    @Override
    public void addGeometryListener(GeometryListener geometryListener) {
        lower.addGeometryListener(geometryListener);
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        lower.read(offsetBytes, lengthBytes, done);
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        if (mayBegin()) {
            lower.write(offsetBytes, data, durability, done);
        } else {
            int length = data.readableBytes();
            hold(new Held(
                    done,
                    data,
                    now -> Breach.ofWrite(now, offsetBytes, length, durability),
                    () -> lower.write(offsetBytes, data, durability, done)));
        }
    }

    @Override
    public void flush(Completion done) {
        lower.flush(done);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        if (mayBegin()) {
            lower.discard(offsetBytes, lengthBytes, done);
        } else {
            hold(new Held(
                    done,
                    Unpooled.EMPTY_BUFFER,
                    now -> Breach.ofDiscard(now, offsetBytes, lengthBytes),
                    () -> lower.discard(offsetBytes, lengthBytes, done)));
        }
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        if (mayBegin()) {
            lower.writeZeroes(offsetBytes, lengthBytes, zeroing, durability, done);
        } else {
            hold(new Held(
                    done,
                    Unpooled.EMPTY_BUFFER,
                    now -> Breach.ofWriteZeroes(now, offsetBytes, lengthBytes, durability),
                    () -> lower.writeZeroes(offsetBytes, lengthBytes, zeroing, durability, done)));
        }
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        lower.blockStatus(offsetBytes, lengthBytes, done);
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        lower.prefetch(offsetBytes, lengthBytes, done);
    }

    /** The lower device is not this one's to close. */
    @Override
    public void close(Completion done) {
        abandon();
        done.succeeded(Unpooled.EMPTY_BUFFER);
    }

    /** The client is gone: what has not begun never will. Called on the loop. */
    public void abandon() {
        abandoned = true;
        gate.remove(listener);
        failHeld(new BlockException(BlockError.SHUT_DOWN, "the client is gone"));
    }

    private boolean mayBegin() {
        return gate.isOpen() && !abandoned;
    }

    private void hold(Held change) {
        if (abandoned) {
            change.fail(new BlockException(BlockError.SHUT_DOWN, "the client is gone"));
        } else if (gate.refuses()) {
            change.fail(refusal());
        } else if (held.size() >= HELD_MAX) {
            change.fail(new BlockException(BlockError.NO_MEMORY, "too many requests wait for another lane"));
        } else {
            held.addLast(change);
        }
    }

    private void gateMoved() {
        if (gate.refuses()) {
            failHeld(refusal());
        }
        while (!held.isEmpty() && gate.isOpen()) {
            Held next = held.removeFirst();
            // The device may have changed twice meanwhile; the layer below knows only the last time.
            String breach = next.breach().apply(geometry());
            if (breach == null) {
                next.begin().run();
            } else {
                next.fail(Breach.byChange(geometry(), breach));
            }
        }
    }

    private void failHeld(BlockException cause) {
        for (Held next = held.pollFirst(); next != null; next = held.pollFirst()) {
            next.fail(cause);
        }
    }

    private static BlockException refusal() {
        return new BlockException(
                BlockError.IO,
                "another lane has lost its session with requests on the wire that may be executed late:"
                        + " nothing is written until it is back");
    }

    /** A change that waits: what keeps it from beginning under a geometry, and how it begins. */
    private record Held(Completion done, ByteBuf data, Function<Geometry, @Nullable String> breach, Runnable begin) {

        void fail(BlockException cause) {
            data.release();
            done.failed(cause);
        }
    }
}
