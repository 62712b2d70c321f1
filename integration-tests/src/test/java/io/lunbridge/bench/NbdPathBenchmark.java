package io.lunbridge.bench;

import io.lunbridge.block.AlignedBlockDevice;
import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.SplittingBlockDevice;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.protocol.Command;
import io.lunbridge.nbd.protocol.RequestHeader;
import io.lunbridge.nbd.transmission.NbdConnection;
import io.lunbridge.nbd.transmission.Negotiated;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The NBD half, per 4 KiB request: bytes in, the stack of decorators, a disk in memory, reply out. No socket, no target. */
@State(Scope.Thread)
public class NbdPathBenchmark {

    private static final int BLOCK_BYTES = 4096;
    private static final int DISK_BYTES = 1 << 20;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final BlockDevice device = new CheckedBlockDevice(
            new AlignedBlockDevice(new SplittingBlockDevice(MemoryBlockDevice.of(channel.eventLoop(), DISK_BYTES))));
    private final ByteBuf reads = requests(Command.READ, 0);
    private final ByteBuf writes = requests(Command.WRITE, BLOCK_BYTES);

    public NbdPathBenchmark() {
        NbdConnection.configure(channel);
        Export export = new Export("benchmark", "", device);
        channel.pipeline().addLast(new NbdConnection(channel, Negotiated.nothing(export)));
    }

    private static ByteBuf requests(int command, int payloadBytes) {
        ByteBuf requests = PooledByteBufAllocator.DEFAULT.directBuffer();
        for (int i = 0; i < Benchmarks.BATCH; i++) {
            RequestHeader.encode(requests, command, i, (long) i * BLOCK_BYTES, BLOCK_BYTES);
            requests.writeZero(payloadBytes);
        }
        return requests;
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long read() {
        return answered(reads);
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long write() {
        return answered(writes);
    }

    private long answered(ByteBuf requests) {
        channel.writeInbound(requests.retainedDuplicate());
        channel.runPendingTasks();
        channel.flushOutbound();
        return Benchmarks.drain(channel);
    }

    @TearDown
    public void release() {
        channel.finishAndReleaseAll();
        reads.release();
        writes.release();
    }
}
