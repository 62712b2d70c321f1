package io.lunbridge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.AlignedBlockDevice;
import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.Completion;
import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.SplittingBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.transmission.NbdConnection;
import io.lunbridge.nbd.transmission.Negotiated;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A connection over the whole stack, on a loop that is turned by hand, spoken to by a {@link NbdClientModel}. */
final class NbdBench implements AutoCloseable {

    private static final int SIZE_BYTES = 64 << 10;
    private static final int MOST_IN_FLIGHT = 48;
    private static final int MOST_TURNS = 1_000_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Random random;
    private final MemoryBlockDevice memory;
    private final BlockDevice device;
    private final NbdConnection connection;
    private final NbdClientModel client;
    private final NbdWire.Parser parser;

    NbdBench(long seed, boolean structured, double failing) {
        channel.freezeTime();
        random = new Random(seed);
        memory = new MemoryBlockDevice(channel.eventLoop(), TestGeometry.of(SIZE_BYTES, 512, 2048));
        FaultyBlockDevice faulty = new FaultyBlockDevice(memory).failingRandomly(failing, seed);
        BlockDevice slow = new DelayedBlockDevice(faulty, seed).releasingWithin(200);
        device = new CheckedBlockDevice(new AlignedBlockDevice(new SplittingBlockDevice(slow)));
        channel.pipeline().addLast(new Turner());
        NbdConnection.configure(channel);
        connection =
                new NbdConnection(channel, new Negotiated(new Export("simulated", "", device), structured, structured));
        channel.pipeline().addLast(connection);
        client = new NbdClientModel(seed, SIZE_BYTES, structured);
        parser = new NbdWire.Parser(client);
    }

    /** Makes this many requests and waits for all answers. */
    void run(int requests) {
        for (int i = 0; i < requests; i++) {
            send(client.next());
            collect();
            turnUntil(() -> client.inFlight() < MOST_IN_FLIGHT);
        }
        turnUntil(() -> client.inFlight() == 0);
    }

    int failures() {
        return client.failures();
    }

    void readEverything() {
        send(client.readEverything());
        turnUntil(() -> client.inFlight() == 0);
    }

    /** Leaves in order. */
    void disconnect() {
        send(new NbdWire.Request(NbdWire.DISC, 0, 0, 0, 0).encode(new byte[0]));
        turnUntil(() -> !channel.isOpen() && connection.terminated().isDone());
    }

    /** The socket dies with this many requests in flight, the last of them half sent. */
    void tear(int requests) {
        for (int i = 0; i < requests; i++) {
            send(client.next());
        }
        byte[] half = client.next();
        send(Arrays.copyOf(half, half.length / 2));
        // Not the channel's own close, which would cancel what the loop has still to do.
        ChannelFuture unused = channel.pipeline().close();
        turnUntil(() -> connection.terminated().isDone());
        collect();
        client.forgetInFlight();
    }

    void compareMedium() {
        ByteBuf all = Unpooled.buffer(SIZE_BYTES);
        memory.bytes().read(0, SIZE_BYTES, all);
        client.compare(ByteBufUtil.getBytes(all));
        assertThat(memory.isClosed()).isFalse();
    }

    /** In pieces that end anywhere. */
    private void send(byte[] message) {
        int at = 0;
        while (at < message.length) {
            int length = random.nextBoolean() ? message.length - at : 1 + random.nextInt(message.length - at);
            channel.writeInbound(Unpooled.directBuffer(length).writeBytes(message, at, length));
            at += length;
        }
    }

    private void collect() {
        if (channel.isOpen()) {
            channel.writeInbound(Turner.TURN);
        } else {
            channel.runPendingTasks();
        }
        channel.checkException();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] bytes = ByteBufUtil.getBytes(out);
            out.release();
            parser.feed(bytes);
        }
    }

    /** Lets virtual time go on until the condition holds. */
    private void turnUntil(BooleanSupplier condition) {
        for (int turn = 0; !condition.getAsBoolean(); turn++) {
            collect();
            long nanosToNext = channel.runScheduledPendingTasks();
            if (condition.getAsBoolean()) {
                return;
            }
            assertThat(nanosToNext >= 0 && turn < MOST_TURNS)
                    .as("something is left to run, with %d requests in flight", client.inFlight())
                    .isTrue();
            channel.advanceTimeBy(nanosToNext, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        device.close(new Ignored());
        channel.finishAndReleaseAll();
    }

    /**
     * Runs the loop's tasks from within the pipeline. Left to itself an embedded channel runs them in the middle of any
     * write, which no real loop does.
     */
    private static final class Turner extends ChannelInboundHandlerAdapter {

        private static final Object TURN = new Object();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!message.equals(TURN)) {
                context.fireChannelRead(message);
                return;
            }
            EmbeddedChannel channel = (EmbeddedChannel) context.channel();
            do {
                channel.runPendingTasks();
            } while (channel.hasPendingTasks());
        }
    }

    private static final class Ignored implements Completion {
        @Override
        public void succeeded(ByteBuf data) {
            data.release();
        }

        @Override
        public void failed(BlockException cause) {}
    }
}
