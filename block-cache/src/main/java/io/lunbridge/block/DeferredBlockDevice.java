package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A device that is asked before it is there: what it is like is known, from before a restart, and requests wait until
 * the device itself is supplied.
 *
 * <pre>
 *              supply
 *   WAITING ───────────► SUPPLIED        from each of them, by close: CLOSED
 *      │ fail               ▲
 *      └──────► FAILED ─────┘ supply
 * </pre>
 *
 * <p>Waiting requests go to the supplied device in the order in which they came. If it is not what was remembered, the
 * listeners are told first, and what has waited and does not fit it any more fails. From then on this device adds
 * nothing: the supplied one says by itself what fails. How long requests wait is the caller's affair.
 */
public final class DeferredBlockDevice implements BlockDevice {

    /**
     * Most requests that wait; one more fails with {@link BlockError#NO_MEMORY}. A connection of an NBD client has at most
     * 256 in flight, and a decorator above makes of one at most 8 parts.
     */
    static final int MAX_WAITING = 4096;

    /**
     * Most bytes of writes that wait. A connection stops reading at 16 MiB, and may have begun a request of 32 MiB before
     * that.
     */
    static final long MAX_WAITING_BYTES = 128L << 20;

    private final EventLoop eventLoop;
    private final GeometryView geometry;
    private final ArrayDeque<WaitingRequest> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private @Nullable BlockDevice device;
    private @Nullable BlockException failure;
    private boolean closed;

    /**
     * A device that is still to come.
     *
     * @param eventLoop on which it will be
     * @param remembered what it was like when it was last seen
     */
    public DeferredBlockDevice(EventLoop eventLoop, Geometry remembered) {
        this.eventLoop = eventLoop;
        geometry = GeometryView.remembered(remembered);
    }

    /**
     * The device is there: it gets all that has waited, and from now on every request. Called on the loop, once; may be
     * called after {@link #fail}.
     *
     * @param supplied owned from now on: {@link #close} closes it, and if this one is closed already, at once
     * @throws IllegalArgumentException where it is on another loop or has other blocks, so that it cannot be the device
     *     that was remembered; nothing has changed then, and the caller still owns it
     */
    public void supply(BlockDevice supplied) {
        assert eventLoop.inEventLoop() : "not on the device's event loop";
        if (closed) {
            supplied.close(CheckedCall.NOBODY);
            return;
        }
        requireFitting(supplied);
        failure = null;
        geometry.follow(supplied);
        if (closed) { // by a listener
            supplied.close(CheckedCall.NOBODY);
            return;
        }
        device = supplied;
        for (WaitingRequest request = waiting.poll(); request != null; request = waiting.poll()) {
            forward(request, supplied);
        }
    }

    private void requireFitting(BlockDevice supplied) {
        if (device != null) {
            throw new IllegalStateException("a device has been supplied already");
        }
        if (!supplied.eventLoop().equals(eventLoop)) {
            throw new IllegalArgumentException("the device is on another event loop");
        }
        int blockBytes = supplied.geometry().blockBytes();
        if (blockBytes != geometry.current().blockBytes()) {
            throw new IllegalArgumentException("the device has blocks of " + blockBytes + " bytes in place of "
                    + geometry.current().blockBytes());
        }
    }

    private void forward(WaitingRequest request, BlockDevice supplied) {
        waitingBytes -= request.dataBytes();
        String breach = request.breach(geometry.current());
        if (breach == null) {
            request.start(supplied);
        } else {
            request.fail(Breach.byChange(geometry.current(), breach));
        }
    }

    /**
     * The device is not to be expected soon: what waits fails now, and what comes fails at once, until a device is
     * supplied after all. Without effect on a device that has been supplied. Called on the loop.
     */
    public void fail(BlockException cause) {
        assert eventLoop.inEventLoop() : "not on the device's event loop";
        if (device == null && !closed) {
            failure = cause;
            failWaiting(cause);
        }
    }

    /** Whether the device itself takes the requests. Called on the loop. */
    public boolean isSupplied() {
        return device != null;
    }

    /** How many requests wait. Called on the loop. */
    public int waiting() {
        return waiting.size();
    }

    private void failWaiting(BlockException cause) {
        for (WaitingRequest request = waiting.poll(); request != null; request = waiting.poll()) {
            waitingBytes -= request.dataBytes();
            request.fail(cause);
        }
    }

    /** The device, if a request may go to it at once: one that comes while others still wait goes behind them. */
    private @Nullable BlockDevice ready() {
        return waiting.isEmpty() && !closed ? device : null;
    }

    private void defer(WaitingRequest request) {
        BlockException refusal = refusal(request);
        if (refusal == null) {
            waitingBytes += request.dataBytes();
            waiting.add(request);
        } else {
            request.fail(refusal);
        }
    }

    private @Nullable BlockException refusal(WaitingRequest request) {
        if (closed) {
            return new BlockException(BlockError.SHUT_DOWN, "the device is closed");
        }
        if (failure != null) {
            return failure;
        }
        boolean full = waiting.size() == MAX_WAITING || waitingBytes + request.dataBytes() > MAX_WAITING_BYTES;
        return full
                ? new BlockException(BlockError.NO_MEMORY, "too many requests wait for the device to return")
                : null;
    }

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public Geometry geometry() {
        return geometry.current();
    }

    @Override
    public void addGeometryListener(GeometryListener listener) {
        geometry.add(listener);
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        BlockDevice ready = ready();
        if (ready != null) {
            ready.read(offsetBytes, lengthBytes, done);
        } else {
            defer(WaitingRequest.of(
                    done,
                    now -> Breach.ofTransfer(now, offsetBytes, lengthBytes),
                    to -> to.read(offsetBytes, lengthBytes, done)));
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        BlockDevice ready = ready();
        if (ready != null) {
            ready.write(offsetBytes, data, durability, done);
        } else {
            defer(WaitingRequest.ofWrite(offsetBytes, data, durability, done));
        }
    }

    @Override
    public void flush(Completion done) {
        BlockDevice ready = ready();
        if (ready != null) {
            ready.flush(done);
        } else {
            defer(WaitingRequest.of(done, now -> Breach.ofFeature(now, Feature.FLUSH), to -> to.flush(done)));
        }
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        BlockDevice ready = ready();
        if (ready != null) {
            ready.discard(offsetBytes, lengthBytes, done);
        } else {
            defer(WaitingRequest.of(
                    done,
                    now -> Breach.ofDiscard(now, offsetBytes, lengthBytes),
                    to -> to.discard(offsetBytes, lengthBytes, done)));
        }
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        BlockDevice ready = ready();
        if (ready != null) {
            ready.writeZeroes(offsetBytes, lengthBytes, zeroing, durability, done);
        } else {
            defer(WaitingRequest.of(
                    done,
                    now -> Breach.ofWriteZeroes(now, offsetBytes, lengthBytes, durability),
                    to -> to.writeZeroes(offsetBytes, lengthBytes, zeroing, durability, done)));
        }
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        BlockDevice ready = ready();
        if (ready != null) {
            ready.blockStatus(offsetBytes, lengthBytes, done);
        } else {
            defer(new WaitingRequest(
                    0,
                    now -> Breach.ofRange(now, offsetBytes, lengthBytes),
                    to -> to.blockStatus(offsetBytes, lengthBytes, done),
                    done::failed));
        }
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        BlockDevice ready = ready();
        if (ready != null) {
            ready.prefetch(offsetBytes, lengthBytes, done);
        } else {
            defer(WaitingRequest.of(
                    done,
                    now -> Breach.ofRange(now, offsetBytes, lengthBytes),
                    to -> to.prefetch(offsetBytes, lengthBytes, done)));
        }
    }

    /** Fails what waits, and closes the device if there is one. */
    @Override
    public void close(Completion done) {
        closed = true;
        failWaiting(new BlockException(BlockError.SHUT_DOWN, "the device is closed"));
        if (device != null) {
            device.close(done);
        } else {
            done.succeeded(Unpooled.EMPTY_BUFFER);
        }
    }
}
