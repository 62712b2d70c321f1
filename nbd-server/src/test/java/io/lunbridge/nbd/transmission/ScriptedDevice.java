package io.lunbridge.nbd.transmission;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.ExtentsCompletion;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.lunbridge.block.Zeroing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Writes down the calls that it gets, and answers them when it is told to, oldest first. */
final class ScriptedDevice implements BlockDevice {

    final List<String> calls = new ArrayList<>();
    final Queue<ByteBuf> written = new ArrayDeque<>();
    private final Queue<Completion> waiting = new ArrayDeque<>();
    private final EventLoop loop;
    private Geometry geometry;

    ScriptedDevice(EventLoop loop, Geometry geometry) {
        this.loop = loop;
        this.geometry = geometry;
    }

    void become(Geometry now) {
        geometry = now;
    }

    int waiting() {
        return waiting.size();
    }

    void succeed(ByteBuf data) {
        waiting.remove().succeeded(data);
    }

    void succeed() {
        succeed(Unpooled.EMPTY_BUFFER);
    }

    void fail(BlockException cause) {
        waiting.remove().failed(cause);
    }

    void succeedAll() {
        while (!waiting.isEmpty()) {
            succeed();
        }
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
    public void addGeometryListener(GeometryListener listener) {}

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        note("read " + offsetBytes + " " + lengthBytes, done);
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        written.add(data);
        note("write " + offsetBytes + " " + data.readableBytes() + " " + durability, done);
    }

    @Override
    public void flush(Completion done) {
        note("flush", done);
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        note("discard " + offsetBytes + " " + lengthBytes, done);
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        note("zeroes " + offsetBytes + " " + lengthBytes + " " + zeroing + " " + durability, done);
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        throw new IllegalStateException("not scripted");
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        note("prefetch " + offsetBytes + " " + lengthBytes, done);
    }

    @Override
    public void close(Completion done) {
        done.succeeded(Unpooled.EMPTY_BUFFER);
    }

    private void note(String call, Completion done) {
        calls.add(call);
        waiting.add(done);
    }
}
