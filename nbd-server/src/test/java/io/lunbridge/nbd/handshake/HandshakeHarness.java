package io.lunbridge.nbd.handshake;

import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.transmission.NbdConnection;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Options;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's side of one connection from its first byte, over two memory disks. */
final class HandshakeHarness implements AutoCloseable {

    static final long SIZE = 1 << 20;
    static final byte[] FIXED = Options.clientFlags(1);
    static final byte[] FIXED_NO_ZEROES = Options.clientFlags(3);

    final EmbeddedChannel channel = new EmbeddedChannel();
    final ExportCatalog catalog = new ExportCatalog();
    final MemoryBlockDevice disk = add("disk", "the first");
    final MemoryBlockDevice second = add("zweite Füllung", "");
    boolean shuttingDown;
    private @Nullable NbdConnection connection;

    HandshakeHarness() {
        NbdConnection.configure(channel);
        Negotiation negotiation = new Negotiation(catalog, () -> shuttingDown);
        channel.pipeline().addLast(new HandshakeHandler(negotiation, this::begin));
        channel.pipeline().fireChannelActive();
    }

    /** After the greeting, with these client flags. */
    static HandshakeHarness greeted(byte[] clientFlags) {
        HandshakeHarness harness = new HandshakeHarness();
        harness.bytes();
        harness.send(clientFlags);
        return harness;
    }

    MemoryBlockDevice add(String name, String description) {
        MemoryBlockDevice device = new MemoryBlockDevice(channel.eventLoop(), TestGeometry.of(SIZE, 1, 32 << 20));
        catalog.add(new Export(name, description, device));
        return device;
    }

    void send(byte[]... messages) {
        channel.writeInbound(Unpooled.wrappedBuffer(Bytes.join(messages)));
    }

    /** All bytes since the last call. */
    byte[] bytes() {
        channel.runPendingTasks();
        Bytes bytes = new Bytes();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] part = new byte[out.readableBytes()];
            out.readBytes(part).release();
            bytes.raw(part);
        }
        return bytes.toArray();
    }

    List<Options.OptionReply> replies() {
        return Options.replies(bytes());
    }

    Options.OptionReply reply() {
        List<Options.OptionReply> all = replies();
        if (all.size() != 1) {
            throw new AssertionError("not one reply: " + all);
        }
        return all.get(0);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    boolean isInTransmission() {
        return connection != null;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }

    private void begin(ChannelHandlerContext handshake, Negotiation agreed) {
        connection = new NbdConnection(channel, agreed.outcome());
        handshake.pipeline().replace(handshake.handler(), null, connection);
    }
}
