package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;

/** Sends every request through {@link #submit}, where a subclass delays it or fails it. */
abstract class ForwardingTestDevice implements BlockDevice {

    final BlockDevice lower;

    ForwardingTestDevice(BlockDevice lower) {
        this.lower = lower;
    }

    /** Carries out the request or not; either way releases its data and answers it, once. */
    abstract void submit(TestRequest request);

    @Override
    public EventLoop eventLoop() {
        return lower.eventLoop();
    }

    @Override
    public Geometry geometry() {
        return lower.geometry();
    }

    @Override
    public void addGeometryListener(GeometryListener listener) {
        lower.addGeometryListener(listener);
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        TestRequest.Range range = new TestRequest.Range(offsetBytes, lengthBytes);
        submit(new TestRequest(
                TestRequest.Kind.READ,
                range,
                Unpooled.EMPTY_BUFFER,
                done,
                d -> lower.read(offsetBytes, lengthBytes, d)));
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        TestRequest.Range range = new TestRequest.Range(offsetBytes, data.readableBytes());
        submit(new TestRequest(
                TestRequest.Kind.WRITE, range, data, done, d -> lower.write(offsetBytes, data, durability, d)));
    }

    @Override
    public void flush(Completion done) {
        TestRequest.Range range = new TestRequest.Range(0, 0);
        submit(new TestRequest(TestRequest.Kind.FLUSH, range, Unpooled.EMPTY_BUFFER, done, lower::flush));
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        TestRequest.Range range = new TestRequest.Range(offsetBytes, lengthBytes);
        submit(new TestRequest(
                TestRequest.Kind.DISCARD,
                range,
                Unpooled.EMPTY_BUFFER,
                done,
                d -> lower.discard(offsetBytes, lengthBytes, d)));
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        TestRequest.Range range = new TestRequest.Range(offsetBytes, lengthBytes);
        submit(new TestRequest(
                TestRequest.Kind.WRITE_ZEROES,
                range,
                Unpooled.EMPTY_BUFFER,
                done,
                d -> lower.writeZeroes(offsetBytes, lengthBytes, zeroing, durability, d)));
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
