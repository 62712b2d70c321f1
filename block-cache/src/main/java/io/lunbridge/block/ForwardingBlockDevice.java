package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.UnaryOperator;

/** A device that does what the one below it does, as far as a subclass does not do otherwise. Made on the loop. */
public abstract class ForwardingBlockDevice implements BlockDevice {

    private final BlockDevice lower;
    private final EventLoop loop;
    private final GeometryView geometry;

    /**
     * @param lower owned from now on: {@link #close} closes it
     * @param view this device's geometry as a function of the lower one's; asked again when that changes
     */
    protected ForwardingBlockDevice(BlockDevice lower, UnaryOperator<Geometry> view) {
        this.lower = lower;
        this.loop = lower.eventLoop();
        this.geometry = GeometryView.of(lower, view);
    }

    protected final BlockDevice lower() {
        return lower;
    }

    /** Tells this device's own listeners that it is gone, though the lower one may not be. */
    protected final void announceGone(BlockException cause) {
        geometry.deviceGone(cause);
    }

    @Override
    public final EventLoop eventLoop() {
        return loop;
    }

    @Override
    public final Geometry geometry() {
        return geometry.current();
    }

    /** The geometry before the last change; the same as now where there was none. */
    protected final Geometry previousGeometry() {
        return geometry.previous();
    }

    @Override
    public final void addGeometryListener(GeometryListener listener) {
        geometry.add(listener);
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        lower.read(offsetBytes, lengthBytes, done);
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        lower.write(offsetBytes, data, durability, done);
    }

    @Override
    public void flush(Completion done) {
        lower.flush(done);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        lower.discard(offsetBytes, lengthBytes, done);
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        lower.writeZeroes(offsetBytes, lengthBytes, zeroing, durability, done);
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        lower.blockStatus(offsetBytes, lengthBytes, done);
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        lower.prefetch(offsetBytes, lengthBytes, done);
    }

    @Override
    public void close(Completion done) {
        lower.close(done);
    }
}
