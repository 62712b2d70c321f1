package io.lunbridge.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.Completion;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.Feature;
import io.lunbridge.block.ForwardingBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.measure.Workload.Kind;
import io.lunbridge.measure.Workload.Order;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LunMeasurementTest {

    private static final int BLOCK_BYTES = 4096;
    private static final int SIZE_BYTES = 16 * BLOCK_BYTES;
    private static final Duration SHORT = Duration.ofMillis(60);
    private static final Workload RANDOM_READ = new Workload(Kind.READ, Order.RANDOM, BLOCK_BYTES, 4);
    private static final Workload WRITE = new Workload(Kind.WRITE, Order.SEQUENTIAL, BLOCK_BYTES, 4);

    private final EventLoop loop = new DefaultEventLoop();
    private final MemoryBlockDevice memory =
            new MemoryBlockDevice(loop, TestGeometry.of(SIZE_BYTES, 512, 2 * BLOCK_BYTES));

    @AfterEach
    void endLoop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void countsWhatIsAnswered() throws BlockException {
        Measurement measured = measurement(memory).run(RANDOM_READ);
        assertThat(measured.isEmpty()).isFalse();
        assertThat(measured.nanos()).isEqualTo(SHORT.toNanos());
        assertThat(measured.values())
                .containsEntry("requests", measured.latencies().getTotalCount())
                .containsEntry("kind", "read")
                .containsEntry("depth", 4);
        assertThat(MeasurementTable.line(measured)).startsWith("random read 4 KiB ");
    }

    @Test
    void answersThatComeLaterAreCountedToo() throws BlockException {
        memory.answerLater();
        Measurement measured = measurement(memory).run(RANDOM_READ);
        assertThat(measured.isEmpty()).isFalse();
        assertThat(measured.requestsPerSecond()).isPositive();
    }

    /** The device answers within the call: request upon request in one stack would not end well. */
    @Test
    void noRequestIsMadeWithinAnother() throws BlockException {
        AtomicInteger within = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        BlockDevice watched = new ForwardingBlockDevice(memory, UnaryOperator.identity()) {
            @Override
            public void read(long offsetBytes, int lengthBytes, Completion done) {
                deepest.accumulateAndGet(within.incrementAndGet(), Math::max);
                super.read(offsetBytes, lengthBytes, done);
                within.decrementAndGet();
            }
        };
        measurement(watched).run(RANDOM_READ);
        assertThat(deepest).hasValue(1);
    }

    @Test
    void readsLeaveTheMediumAlone() throws BlockException {
        measurement(memory).run(RANDOM_READ);
        assertThat(medium()).containsOnly(0);
    }

    @Test
    void writesFillItAllWithBytesThatDiffer() throws BlockException {
        measurement(memory).run(WRITE);
        byte[] medium = medium();
        for (int block = 0; block < SIZE_BYTES; block += BLOCK_BYTES) {
            byte[] next = new byte[BLOCK_BYTES];
            System.arraycopy(medium, block, next, 0, BLOCK_BYTES);
            assertThat(next).isNotEqualTo(new byte[BLOCK_BYTES]);
            assertThat(Unpooled.wrappedBuffer(next)).isNotEqualTo(Unpooled.wrappedBuffer(medium, 0, block));
        }
    }

    @Test
    void aFailureEndsTheRun() {
        BlockDevice faulty = new FaultyBlockDevice(memory).failingRandomly(0.01, 1);
        assertThatThrownBy(() -> measurement(faulty).run(RANDOM_READ))
                .isInstanceOfSatisfying(
                        BlockException.class, e -> assertThat(e.error()).isEqualTo(BlockError.IO));
    }

    @Test
    void anInterruptEndsItWithWhatThereIs() throws BlockException {
        LunMeasurement measurement =
                new LunMeasurement(new CheckedBlockDevice(memory.answerLater()), Duration.ofHours(1), 1);
        Thread.currentThread().interrupt();
        Measurement measured = measurement.run(RANDOM_READ);
        assertThat(measurement.isInterrupted()).isTrue();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(measured.isEmpty()).as("it was still warming up").isTrue();
    }

    @Test
    void whatCannotWorkIsRefused() {
        LunMeasurement whole = measurement(memory);
        refused(ExitCode.USAGE, "multiple", whole, new Workload(Kind.READ, Order.RANDOM, 513, 1));
        refused(ExitCode.USAGE, "at most", whole, new Workload(Kind.READ, Order.RANDOM, 4 * BLOCK_BYTES, 1));
        BlockDevice small = new MemoryBlockDevice(loop, TestGeometry.of(512, 512, 2 * BLOCK_BYTES));
        refused(ExitCode.OUT_OF_RANGE, "--block-size", measurement(small), RANDOM_READ);
        memory.change(TestGeometry.without(memory.geometry(), Feature.WRITE));
        refused(ExitCode.NOT_PERMITTED, "--write", whole, WRITE);
    }

    private static void refused(ExitCode code, String word, LunMeasurement measurement, Workload workload) {
        assertThatThrownBy(() -> measurement.check(workload))
                .hasMessageContaining(word)
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(code));
    }

    private static LunMeasurement measurement(BlockDevice device) {
        return new LunMeasurement(new CheckedBlockDevice(device), SHORT, 1);
    }

    private byte[] medium() {
        ByteBuf all = Unpooled.buffer(SIZE_BYTES);
        memory.bytes().read(0, SIZE_BYTES, all);
        return ByteBufUtil.getBytes(all);
    }
}
