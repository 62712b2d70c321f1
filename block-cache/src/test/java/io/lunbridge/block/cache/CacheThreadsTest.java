package io.lunbridge.block.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.DeviceUnderTest;
import io.lunbridge.block.Durability;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.block.TestLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Two devices of one cache on two real loops: whatever one has had acknowledged, the other reads from then on. Each page
 * holds a number that only grows; the medium is shared and slow enough that fills and writes meet.
 */
class CacheThreadsTest {

    private static final int PAGES = 64;
    private static final int PAGE = 512;
    private static final int WRITES = 40_000;

    private final AtomicLongArray acknowledged = new AtomicLongArray(PAGES);
    private final AtomicReference<AssertionError> wrong = new AtomicReference<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final BlockCache cache = new BlockCache(PAGES / 2 * PAGE, PAGE, new ChangeGuard(9), () -> {});

    @Test
    void whatIsAcknowledgedIsReadFromThenOn() {
        try (TestLoop one = TestLoop.nio();
                TestLoop other = TestLoop.nio()) {
            AtomicLongArray medium = new AtomicLongArray(PAGES);
            DeviceUnderTest writer = open(one, medium);
            DeviceUnderTest reader = open(other, medium);
            one.run(new Writer((CachingBlockDevice) writer.device()));
            for (int i = 0; i < 8; i++) {
                other.run(new Reader((CachingBlockDevice) reader.device(), i));
            }
            other.await(() -> ended.get() == 9);
            assertThat(wrong.get()).isNull();
            long[] hits = new long[1];
            other.run(() -> hits[0] =
                    ((CachingBlockDevice) reader.device()).statistics().hits());
            assertThat(hits[0]).isPositive();
            writer.close();
            reader.close();
        }
    }

    private DeviceUnderTest open(TestLoop loop, AtomicLongArray medium) {
        MemoryBlockDevice memory =
                new MemoryBlockDevice(loop.loop(), TestGeometry.of((long) PAGES * PAGE, PAGE, 1 << 20));
        return new DeviceUnderTest(new CachingBlockDevice(new NumberedDevice(memory, medium), cache, 0), loop);
    }

    private static ByteBuf page(long number) {
        return Unpooled.directBuffer(PAGE).writeLong(number).writeZero(PAGE - Long.BYTES);
    }

    /** Writes one page after the other, each as soon as the last is answered. */
    private final class Writer implements Runnable, Completion {

        private final CachingBlockDevice device;
        private final Random random = new Random(1);
        private int page;
        private long number;

        Writer(CachingBlockDevice device) {
            this.device = device;
        }

        @Override
        public void run() {
            page = random.nextInt(PAGES);
            device.write((long) page * PAGE, page(++number), Durability.CACHED, this);
        }

        @Override
        public void succeeded(ByteBuf data) {
            data.release();
            acknowledged.set(page, number);
            if (number < WRITES) {
                device.eventLoop().execute(this);
            } else {
                ended.incrementAndGet();
            }
        }

        @Override
        public void failed(BlockException cause) {
            wrong.set(new AssertionError(cause));
            ended.incrementAndGet();
        }
    }

    /** Reads at random until the writer has ended. */
    private final class Reader implements Runnable, Completion {

        private final CachingBlockDevice device;
        private final Random random;
        private int page;
        private long least;

        Reader(CachingBlockDevice device, int seed) {
            this.device = device;
            random = new Random(seed);
        }

        @Override
        public void run() {
            page = random.nextInt(PAGES);
            least = acknowledged.get(page);
            device.read((long) page * PAGE, PAGE, this);
        }

        @Override
        public void succeeded(ByteBuf data) {
            long found = data.getLong(data.readerIndex());
            data.release();
            if (found < least) {
                wrong.set(new AssertionError("page " + page + " read as " + found + " after " + least));
            }
            if (ended.get() == 0) {
                device.eventLoop().execute(this);
            } else {
                ended.incrementAndGet();
            }
        }

        @Override
        public void failed(BlockException cause) {
            wrong.set(new AssertionError(cause));
            ended.incrementAndGet();
        }
    }
}
