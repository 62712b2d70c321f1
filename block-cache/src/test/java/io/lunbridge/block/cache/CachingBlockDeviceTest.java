package io.lunbridge.block.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.DeviceUnderTest;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.RecordingCompletion;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.block.TestLoop;
import io.lunbridge.block.TestRequest;
import io.lunbridge.block.Zeroing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the caching device asks the lower one, and what it must not answer any more. */
class CachingBlockDeviceTest {

    private static final int SIZE_BYTES = 16 << 20;
    private static final int PAGE = BlockCache.PAGE_BYTES;
    private static final int CACHE_BYTES = 2 << 20;

    private final TestLoop loop = TestLoop.embedded();
    private final MemoryBlockDevice memory =
            new MemoryBlockDevice(loop.loop(), TestGeometry.of(SIZE_BYTES, 512, 1 << 20));
    private final List<TestRequest.Range> readBelow = new ArrayList<>();
    private final FaultyBlockDevice watched = new FaultyBlockDevice(memory).failing(this::note);
    private final BlockCache cache = new BlockCache(CACHE_BYTES, 512, () -> {});
    private boolean failsWrites;
    private CachingBlockDevice caching = new CachingBlockDevice(watched, cache, 0);
    private DeviceUnderTest disk = new DeviceUnderTest(new CheckedBlockDevice(caching), loop);

    private boolean note(TestRequest request) {
        if (request.kind() == TestRequest.Kind.READ) {
            readBelow.add(request.range());
        }
        return failsWrites && request.kind() == TestRequest.Kind.WRITE;
    }

    @AfterEach
    void close() {
        disk.close();
        disk.verify();
        loop.close();
    }

    private void readAhead(BlockDevice lower, int bytes) {
        disk.close();
        MemoryBlockDevice again = memory.another();
        BlockDevice bottom = lower.equals(watched) ? new FaultyBlockDevice(again).failing(this::note) : lower;
        caching = new CachingBlockDevice(bottom, new BlockCache(CACHE_BYTES, 512, () -> {}), bytes);
        disk = new DeviceUnderTest(new CheckedBlockDevice(caching), loop);
    }

    private static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Somebody else writes: the cache does not know. */
    private void writeBehind(long offset, byte[] data) {
        ByteBuf buffer = Unpooled.wrappedBuffer(data);
        memory.bytes().write(offset, buffer);
        buffer.release();
    }

    @Test
    void readsOnceWhatIsReadTwice() {
        byte[] data = bytes(3 * PAGE, 1);
        disk.write(PAGE, data);
        for (int i = 0; i < 3; i++) {
            assertThat(disk.read(PAGE, 3 * PAGE)).isEqualTo(data);
        }
        assertThat(readBelow).hasSize(1);
        assertThat(disk.read(PAGE + 512, 2 * PAGE + 512)).isEqualTo(Arrays.copyOfRange(data, 512, 2 * PAGE + 1024));
        assertThat(readBelow).hasSize(1);
        assertThat(caching.statistics().hits()).isEqualTo(3);
        assertThat(caching.statistics().misses()).isEqualTo(1);
        assertThat(caching.statistics().pages().heldBytes()).isEqualTo(3 * PAGE);
    }

    @Test
    void keepsOnlyWholePagesOfSmallReads() {
        disk.read(512, 2 * PAGE);
        disk.read(PAGE, PAGE); // in the middle of the first
        assertThat(readBelow).hasSize(1);
        disk.read(512, PAGE - 512);
        assertThat(readBelow).hasSize(2);
        disk.read(1 << 20, CachingBlockDevice.MAX_FILL_BYTES + 512);
        disk.read(1 << 20, PAGE);
        assertThat(readBelow).hasSize(4);
    }

    @Test
    void readsAgainWhatHasBeenChanged() {
        disk.read(0, 4 * PAGE);
        byte[] data = bytes(512, 2);
        disk.write(PAGE + 512, data);
        assertThat(disk.read(PAGE + 512, 512)).isEqualTo(data);
        disk.read(0, 4 * PAGE);
        assertThat(disk.writeZeroes(PAGE + 512, 512, Zeroing.MAY_DEALLOCATE).hasSucceeded())
                .isTrue();
        assertThat(disk.read(PAGE + 512, 512)).containsOnly(0);
        disk.write(PAGE + 512, data);
        disk.read(0, 4 * PAGE);
        disk.discard(0, SIZE_BYTES); // forgotten by the extent
        assertThat(disk.read(PAGE, PAGE)).containsOnly(0);
    }

    @Test
    void aWriteBringsThePagesUpToDateThatWereThere() {
        disk.read(0, PAGE);
        disk.read(2 * PAGE, 3 * PAGE);
        byte[] data = bytes(4 * PAGE, 20);
        disk.write(PAGE - 512, data); // pages 1 to 3 whole
        int before = readBelow.size();
        assertThat(disk.read(2 * PAGE, 2 * PAGE)).isEqualTo(Arrays.copyOfRange(data, PAGE + 512, 3 * PAGE + 512));
        assertThat(readBelow).hasSize(before);
        for (int page : new int[] {0, 1, 4}) {
            disk.read((long) page * PAGE, PAGE);
        }
        assertThat(readBelow).hasSize(before + 3);
    }

    @Test
    void ofTwoWritesOfAPageAtOnceNoneIsKept() {
        DelayedBlockDevice slow =
                new DelayedBlockDevice(new FaultyBlockDevice(memory.another()).failing(this::note), 1);
        readAhead(slow, 0);
        for (int round = 0; round < 20; round++) {
            startAndRelease(slow, disk.startRead(0, PAGE));
            RecordingCompletion one = disk.startWrite(0, bytes(PAGE, 300 + round));
            startAndRelease(slow, disk.startWrite(0, bytes(PAGE, 400 + round)));
            assertThat(one.isDone()).isTrue();
            int before = readBelow.size();
            startAndRelease(slow, disk.startRead(0, PAGE));
            assertThat(readBelow).hasSize(before + 1);
        }
    }

    private void startAndRelease(DelayedBlockDevice slow, RecordingCompletion started) {
        loop.run(slow::releaseAll);
        assertThat(started.isDone()).isTrue();
    }

    @Test
    void aReadThatMeetsAWriteIsNotKept() {
        DelayedBlockDevice slow = new DelayedBlockDevice(memory.another(), 1);
        readAhead(slow, 0);
        byte[] data = bytes(PAGE, 3);
        for (int round = 0; round < 20; round++) {
            RecordingCompletion read = disk.startRead(0, PAGE);
            RecordingCompletion write = disk.startWrite(0, data);
            loop.run(slow::releaseAll);
            assertThat(read.isDone() && write.isDone()).isTrue();
            RecordingCompletion after = disk.startRead(0, PAGE);
            loop.run(slow::releaseAll);
            assertThat(after.data()).isEqualTo(data);
            data = bytes(PAGE, 100 + round);
        }
    }

    @Test
    void whatWasReadBeforeAnAbsenceAndComesAfterItIsNotKept() {
        MemoryBlockDevice lower = memory.another();
        DelayedBlockDevice slow = new DelayedBlockDevice(lower, 1);
        readAhead(slow, 0);
        for (int round = 0; round < 20; round++) {
            int offset = round << ChangeGuard.EXTENT_SHIFT;
            RecordingCompletion read = disk.startRead(offset, PAGE);
            byte[] behind = bytes(PAGE, 200 + round);
            writeBehind(offset, behind);
            loop.run(lower::doubt);
            loop.run(slow::releaseAll);
            assertThat(read.isDone()).isTrue();
            RecordingCompletion after = disk.startRead(offset, PAGE);
            loop.run(slow::releaseAll);
            assertThat(after.data()).isEqualTo(behind);
        }
    }

    @Test
    void aWriteThatFailedLeavesItsPagesOut() {
        disk.read(0, PAGE);
        failsWrites = true;
        assertThat(disk.await(disk.startWrite(0, bytes(PAGE, 4))).hasSucceeded())
                .isFalse();
        byte[] behind = bytes(PAGE, 5);
        writeBehind(0, behind); // the write was carried out late
        assertThat(disk.read(0, PAGE)).isEqualTo(behind);
    }

    @Test
    void believesNothingAfterAnAbsence() {
        disk.read(0, PAGE);
        byte[] behind = bytes(PAGE, 6);
        writeBehind(0, behind);
        assertThat(disk.read(0, PAGE)).containsOnly(0);
        loop.run(memory::doubt);
        assertThat(disk.read(0, PAGE)).isEqualTo(behind);
        assertThat(disk.read(0, PAGE)).isEqualTo(behind);
        assertThat(readBelow).hasSize(2);
        loop.run(() -> memory.resizeBy(-(1 << 20)));
        disk.read(0, PAGE);
        assertThat(readBelow).hasSize(3);
    }

    @Test
    void keepsToItsSizeAndToWhatIsAskedForOften() {
        readOnceEach(16, 1000);
        for (int round = 0; round < 4; round++) {
            readOnceEach(0, 16);
        }
        readOnceEach(1000, SIZE_BYTES / PAGE);
        assertThat(caching.statistics().pages().heldBytes()).isBetween(CACHE_BYTES / 2L, (long) CACHE_BYTES);
        assertThat(caching.statistics().pages().evictions()).isPositive();
        int before = readBelow.size();
        readOnceEach(0, 16);
        assertThat(readBelow.size() - before).isLessThan(8);
    }

    private void readOnceEach(int firstPage, int endPage) {
        for (int page = firstPage; page < endPage; page++) {
            disk.read((long) page * PAGE, PAGE);
        }
    }

    @Test
    void aReplyOnItsWayKeepsItsBytesThoughThePageIsEvicted() {
        byte[] data = bytes(4 * PAGE, 7);
        disk.write(0, data);
        disk.read(0, 4 * PAGE);
        Held held = new Held();
        loop.run(() -> caching.read(0, 4 * PAGE, held));
        disk.write(0, bytes(4 * PAGE, 8));
        readOnceEach(4, SIZE_BYTES / PAGE);
        ByteBuf reply = held.data;
        byte[] found = new byte[4 * PAGE];
        reply.getBytes(reply.readerIndex(), found);
        assertThat(found).isEqualTo(data);
        disk.close();
        reply.getBytes(reply.readerIndex(), found);
        assertThat(found).isEqualTo(data);
        reply.release();
    }

    @Test
    void aSequentialReaderFindsWhatItWants() {
        readAhead(watched, 256 << 10);
        byte[] all = bytes(4 << 20, 9);
        writeBehind(0, all);
        for (int at = 0; at < all.length; at += PAGE) {
            assertThat(disk.read(at, PAGE)).isEqualTo(Arrays.copyOfRange(all, at, at + PAGE));
        }
        assertThat(readBelow.size()).isLessThan(50); // of 1024
        assertThat(readBelow).allMatch(range -> range.lengthBytes() <= 256 << 10);
    }

    @Test
    void aReadWaitsForWhatIsBeingReadAhead() {
        DelayedBlockDevice slow =
                new DelayedBlockDevice(new FaultyBlockDevice(memory.another()).failing(this::note), 1);
        readAhead(slow, 64 << 10);
        byte[] all = bytes(256 << 10, 10);
        writeBehind(0, all);
        disk.startRead(0, PAGE);
        loop.run(slow::releaseAll);
        disk.startRead(PAGE, PAGE);
        assertThat(slow.held()).isEqualTo(3);
        RecordingCompletion waiting = disk.startRead(2 * PAGE, 2 * PAGE);
        RecordingCompletion across = disk.startRead(4 * PAGE, 8 * PAGE);
        assertThat(waiting.isDone()).isFalse();
        loop.run(slow::releaseAll);
        disk.awaitAll();
        assertThat(waiting.data()).isEqualTo(Arrays.copyOfRange(all, 2 * PAGE, 4 * PAGE));
        assertThat(across.data()).isEqualTo(Arrays.copyOfRange(all, 4 * PAGE, 12 * PAGE));
        assertThat(caching.statistics().readAhead().hits()).isEqualTo(2);
    }

    @Test
    void randomReadsAreNotReadAheadOf() {
        readAhead(watched, 256 << 10);
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            disk.read((long) random.nextInt(SIZE_BYTES / PAGE) * PAGE, PAGE);
        }
        assertThat(caching.statistics().readAhead().bytes()).isLessThan(10L * (256 << 10));
    }

    @Test
    void prefetchBringsPagesIn() {
        byte[] data = bytes(300 << 10, 12);
        writeBehind(0, data);
        RecordingCompletion done = disk.start(d -> disk.device().prefetch(512, 300 << 10, d));
        assertThat(disk.await(done).hasSucceeded()).isTrue();
        int before = readBelow.size();
        assertThat(disk.read(0, 300 << 10)).isEqualTo(data);
        assertThat(readBelow).hasSize(before);
    }

    private static final class Held implements io.lunbridge.block.Completion {

        private ByteBuf data = Unpooled.EMPTY_BUFFER;

        @Override
        public void succeeded(ByteBuf result) {
            data = result;
        }

        @Override
        public void failed(io.lunbridge.block.BlockException cause) {
            throw new AssertionError(cause);
        }
    }
}
