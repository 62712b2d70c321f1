package io.lunbridge.nbd.transmission;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A connection in the transmission phase over a memory disk, spoken to in bytes. */
final class TransmissionHarness implements AutoCloseable {

    static final int SIZE = 1 << 20;

    final EmbeddedChannel channel = new EmbeddedChannel();
    final MemoryBlockDevice disk = new MemoryBlockDevice(channel.eventLoop(), TestGeometry.of(SIZE, 1, 32 << 20));
    final NbdConnection connection;
    private final Map<Long, Integer> readLengths = new HashMap<>();
    private final Dam dam = new Dam();

    private TransmissionHarness(boolean structured, Function<MemoryBlockDevice, BlockDevice> stack) {
        this(structured, stack, false);
    }

    private TransmissionHarness(boolean structured, Function<MemoryBlockDevice, BlockDevice> stack, boolean readOnly) {
        Export export = new Export("disk", "", stack.apply(disk), readOnly);
        channel.pipeline().addLast(dam);
        NbdConnection.configure(channel);
        connection = new NbdConnection(channel, new Negotiated(export, structured, structured));
        channel.pipeline().addLast(connection);
    }

    static TransmissionHarness simple() {
        return new TransmissionHarness(false, disk -> disk);
    }

    static TransmissionHarness structured() {
        return new TransmissionHarness(true, disk -> disk);
    }

    static TransmissionHarness readOnly() {
        return new TransmissionHarness(false, disk -> disk, true);
    }

    static TransmissionHarness over(boolean structured, Function<MemoryBlockDevice, BlockDevice> stack) {
        return new TransmissionHarness(structured, stack);
    }

    /** Over a device that only does what the test tells it. */
    static TransmissionHarness scripted(boolean structured, Geometry geometry) {
        return new TransmissionHarness(structured, disk -> new ScriptedDevice(disk.eventLoop(), geometry));
    }

    ScriptedDevice scripted() {
        return (ScriptedDevice) connection.export().device();
    }

    /** Tells the reply parser how long the data of a READ is that is answered simply. */
    TransmissionHarness expectData(long cookie, int length) {
        readLengths.put(cookie, length);
        return this;
    }

    void send(byte[]... messages) {
        channel.writeInbound(Unpooled.wrappedBuffer(Bytes.join(messages)));
    }

    /** All replies since the last call. */
    List<Reply> replies() {
        channel.runPendingTasks();
        Bytes bytes = new Bytes();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] part = new byte[out.readableBytes()];
            out.readBytes(part).release();
            bytes.raw(part);
        }
        return Reply.all(bytes.toArray(), readLengths);
    }

    Reply reply() {
        List<Reply> all = replies();
        if (all.size() != 1) {
            throw new AssertionError("not one reply: " + all);
        }
        return all.get(0);
    }

    byte[] medium(int offset, int length) {
        ByteBuf out = Unpooled.buffer(length);
        disk.bytes().read(offset, length, out);
        return out.array();
    }

    /** From now on the socket takes nothing. */
    void blockWriting() {
        dam.closed = true;
    }

    void unblockWriting() {
        dam.closed = false;
        channel.flush();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }

    /** Stands for a peer that does not read: what is flushed stays in the channel's own buffer. */
    private static final class Dam extends ChannelOutboundHandlerAdapter {
        private boolean closed;

        @Override
        public void flush(ChannelHandlerContext context) {
            if (!closed) {
                context.flush();
            }
        }
    }
}
