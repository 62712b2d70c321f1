package io.lunbridge.bench;

import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.PduReader;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The codec, per PDU: answers to 4 KiB reads as they come in, and commands with and without 4 KiB as they go out. */
@State(Scope.Thread)
public class PduBenchmark {

    private static final int SEGMENT_BYTES = 4096;

    private final ReceivedBytes received = new ReceivedBytes();
    private final ByteBuf plainAnswers = DataInBytes.of(Benchmarks.BATCH, SEGMENT_BYTES, false);
    private final ByteBuf digestedAnswers = DataInBytes.of(Benchmarks.BATCH, SEGMENT_BYTES, true);
    private final PduReader plainReader = reader(false);
    private final PduReader digestReader = reader(true);
    private final ByteBuf payload =
            PooledByteBufAllocator.DEFAULT.directBuffer(SEGMENT_BYTES).writeZero(SEGMENT_BYTES);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PduWriter plainWriter = writer(false);
    private final PduWriter digestWriter = writer(true);
    private final ScsiCommand command = new ScsiCommand();

    private PduReader reader(boolean digests) {
        PduReader reader = PduReader.ofResponses(received, SEGMENT_BYTES);
        reader.digests(digests, digests);
        return reader;
    }

    private PduWriter writer(boolean digests) {
        PduWriter writer = new PduWriter(channel);
        writer.digests(digests, digests);
        return writer;
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long readDataIn() throws PduException {
        plainReader.read(plainAnswers.retainedDuplicate());
        return received.bytes();
    }

    /** The difference to {@link #readDataIn} is CRC32C of 4 KiB and of a header. */
    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long readDataInWithDigests() throws PduException {
        digestReader.read(digestedAnswers.retainedDuplicate());
        return received.bytes();
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long writeCommands() {
        for (int i = 0; i < Benchmarks.BATCH; i++) {
            plainWriter.next(command).initiatorTaskTag(i);
            plainWriter.finish();
        }
        return sent(plainWriter);
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long writeCommandsWithData() {
        return sendData(plainWriter);
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public long writeCommandsWithDataAndDigests() {
        return sendData(digestWriter);
    }

    private long sendData(PduWriter writer) {
        for (int i = 0; i < Benchmarks.BATCH; i++) {
            writer.next(command).initiatorTaskTag(i);
            writer.finish(payload.retainedSlice());
        }
        return sent(writer);
    }

    private long sent(PduWriter writer) {
        writer.flush();
        channel.runPendingTasks();
        return Benchmarks.drain(channel);
    }

    @TearDown
    public void release() {
        plainReader.close();
        digestReader.close();
        plainWriter.close();
        digestWriter.close();
        channel.finishAndReleaseAll();
        payload.release();
        plainAnswers.release();
        digestedAnswers.release();
    }
}
