package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A device that comes late, or not, or as another one than it was. */
class DeferredBlockDeviceTest {

    private static final int BLOCK = 512;

    private final TestLoop loop = TestLoop.embedded();
    private final MemoryBlockDevice memory = MemoryBlockDevice.of(loop.loop(), 1 << 20);
    private final DeferredBlockDevice deferred = new DeferredBlockDevice(loop.loop(), memory.geometry());
    private final BlockException notThere = new BlockException(BlockError.IO, "no session yet");
    private final DeviceUnderTest disk = new DeviceUnderTest(deferred, loop);

    @AfterEach
    void close() {
        disk.close();
        disk.verify();
        loop.close();
    }

    @Test
    void requestsWaitAndGoInTheirOrder() {
        RecordingCompletion first = disk.startWrite(0, pattern(BLOCK, 1));
        RecordingCompletion second = disk.startWrite(0, pattern(BLOCK, 2));
        RecordingCompletion read = disk.startRead(0, BLOCK);
        RecordingCompletion flush = disk.start(deferred::flush);
        RecordingCompletion status =
                disk.start(done -> deferred.blockStatus(0, 4 * BLOCK, ((RecordingCompletion) done).forExtents()));
        assertThat(List.of(first, second, read, flush, status)).noneMatch(RecordingCompletion::isDone);
        assertThat(deferred.waiting()).isEqualTo(5);

        supply(memory);

        assertThat(List.of(first, second, read, flush, status)).allMatch(RecordingCompletion::hasSucceeded);
        assertThat(read.data()).isEqualTo(pattern(BLOCK, 2));
        assertThat(deferred.waiting()).isZero();
        assertThat(deferred.isSupplied()).isTrue();
    }

    @Test
    void whatComesWhileOthersAreSentGoesBehindThem() {
        List<Integer> sent = new ArrayList<>();
        RecordingCompletion last = new RecordingCompletion(loop.loop());
        loop.run(() -> {
            deferred.flush(then(() -> {
                sent.add(1);
                deferred.flush(then(() -> {
                    sent.add(3);
                    last.succeeded(Unpooled.EMPTY_BUFFER);
                }));
            }));
            deferred.flush(then(() -> sent.add(2)));
        });
        supply(memory);
        assertThat(last.isDone()).isTrue();
        assertThat(sent).containsExactly(1, 2, 3);
    }

    @Test
    void afterAFailureAllFailsUntilTheDeviceIsThere() {
        RecordingCompletion waited = disk.startWrite(0, pattern(BLOCK, 1));
        loop.run(() -> deferred.fail(notThere));
        assertThat(waited.failure()).isSameAs(notThere);
        assertThat(disk.startRead(0, BLOCK).failure()).isSameAs(notThere);

        supply(memory);

        disk.write(0, pattern(BLOCK, 3));
        assertThat(disk.read(0, BLOCK)).isEqualTo(pattern(BLOCK, 3));
    }

    @Test
    void aDeviceThatIsThereIsNotFailed() {
        supply(memory);
        loop.run(() -> deferred.fail(notThere));
        disk.write(0, pattern(BLOCK, 4));
    }

    @Test
    void aShrunkDeviceFailsWhatIsBeyondItsEndAndTellsOnce() {
        GeometryContract.Told told = new GeometryContract.Told();
        loop.run(() -> deferred.addGeometryListener(told));
        Geometry remembered = deferred.geometry();
        RecordingCompletion inside = disk.startWrite(0, pattern(BLOCK, 1));
        RecordingCompletion beyond = disk.startWrite((1 << 20) - BLOCK, pattern(BLOCK, 2));
        RecordingCompletion read = disk.startRead((1 << 20) - BLOCK, BLOCK);
        loop.run(() -> memory.resizeBy(-4096));

        supply(memory);

        assertThat(inside.hasSucceeded()).isTrue();
        assertThat(beyond.error()).isEqualTo(BlockError.INVALID);
        assertThat(read.error()).isEqualTo(BlockError.INVALID);
        assertThat(told.changes).containsExactly(remembered, memory.geometry());
        loop.run(() -> memory.resizeBy(8192));
        assertThat(told.changes).hasSize(4);
        assertThat(deferred.geometry().sizeBytes()).isEqualTo((1 << 20) + 4096);
    }

    @Test
    void aDeviceThatBecameReadOnlyFailsWrites() {
        RecordingCompletion write = disk.startWrite(0, pattern(BLOCK, 1));
        RecordingCompletion discard = disk.start(done -> deferred.discard(0, BLOCK, done));
        RecordingCompletion zeroes =
                disk.start(done -> deferred.writeZeroes(0, BLOCK, Zeroing.MAY_DEALLOCATE, Durability.CACHED, done));
        RecordingCompletion read = disk.startRead(0, BLOCK);
        loop.run(() -> memory.change(TestGeometry.without(memory.geometry(), Feature.WRITE, Feature.WRITE_ZEROES)));

        supply(memory);

        assertThat(List.of(write, discard, zeroes))
                .extracting(RecordingCompletion::error)
                .containsOnly(BlockError.NOT_PERMITTED);
        assertThat(read.hasSucceeded()).isTrue();
    }

    @Test
    void theSameDeviceIsNoNews() {
        GeometryContract.Told told = new GeometryContract.Told();
        loop.run(() -> deferred.addGeometryListener(told));
        supply(memory);
        assertThat(told.changes).isEmpty();
    }

    @Test
    void aDeviceOfOtherBlocksOrOfAnotherLoopIsNotTaken() {
        MemoryBlockDevice large = new MemoryBlockDevice(loop.loop(), TestGeometry.of(1 << 20, 4096, 1 << 20));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deferred.supply(large))
                .withMessageContaining("blocks of 4096 bytes in place of 512");
        try (TestLoop other = TestLoop.embedded()) {
            MemoryBlockDevice foreign = MemoryBlockDevice.of(other.loop(), 1 << 20);
            assertThatIllegalArgumentException().isThrownBy(() -> deferred.supply(foreign));
        }
        supply(memory);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> deferred.supply(memory));
    }

    @Test
    void noMoreWaitsThanMay() {
        List<RecordingCompletion> flushes = new ArrayList<>();
        IntStream.range(0, DeferredBlockDevice.MAX_WAITING).forEach(i -> flushes.add(disk.start(deferred::flush)));
        assertThat(flushes).noneMatch(RecordingCompletion::isDone);
        assertThat(disk.startWrite(0, pattern(BLOCK, 1)).error()).isEqualTo(BlockError.NO_MEMORY);
        supply(memory);
        assertThat(flushes).allMatch(RecordingCompletion::hasSucceeded);
    }

    @Test
    void noMoreBytesWaitThanMay() {
        ByteBuf mebibyte = disk.buffer(pattern(1 << 20, 1));
        int most = (int) (DeferredBlockDevice.MAX_WAITING_BYTES >> 20);
        List<RecordingCompletion> writes = IntStream.rangeClosed(0, most)
                .mapToObj(i ->
                        disk.start(done -> deferred.write(0, mebibyte.retainedDuplicate(), Durability.CACHED, done)))
                .toList();
        mebibyte.release();
        assertThat(writes.subList(0, most)).noneMatch(RecordingCompletion::isDone);
        assertThat(writes.get(most).error()).isEqualTo(BlockError.NO_MEMORY);
        loop.run(() -> deferred.fail(notThere));
        assertThat(writes.subList(0, most)).allMatch(write -> write.failure() == notThere);
    }

    @Test
    void closingFailsWhatWaitsAndADeviceThatComesTooLateIsClosed() {
        RecordingCompletion waited = disk.startWrite(0, pattern(BLOCK, 1));
        disk.close();
        assertThat(waited.error()).isEqualTo(BlockError.SHUT_DOWN);
        supply(memory);
        assertThat(memory.isClosed()).isTrue();
        assertThat(disk.startRead(0, BLOCK).error()).isEqualTo(BlockError.SHUT_DOWN);
    }

    /** Traffic that never stops, through a device that fails, comes, and reorders: every byte is what it may be. */
    @Test
    void keepsEveryByteWhileItFailsAndComes() {
        Seeds.each(seed -> {
            try (TestLoop turned = TestLoop.embedded()) {
                Random random = new Random(seed);
                MemoryBlockDevice medium = new MemoryBlockDevice(turned.loop(), TestGeometry.of(64 << 10, 512, 8192));
                BlockDevice device = new CheckedBlockDevice(new DelayedBlockDevice(medium, seed).releasingWithin(200));
                DeferredBlockDevice late = new DeferredBlockDevice(turned.loop(), medium.geometry());
                BlockDevice top = new CheckedBlockDevice(
                        new AlignedBlockDevice(new DelayedBlockDevice(late, seed + 1).releasingWithin(200)));
                for (int failures = random.nextInt(3); failures > 0; failures--) {
                    after(turned, random.nextInt(1000), () -> late.fail(notThere));
                }
                after(turned, 1000 + random.nextInt(1000), () -> late.supply(device));
                RandomTraffic traffic = new RandomTraffic(turned, top, seed);
                traffic.run(2000);
                assertThat(late.isSupplied()).isTrue();
                traffic.readEverything();
                DeviceUnderTest whole = new DeviceUnderTest(top, turned);
                whole.close();
                whole.verify();
                assertThat(medium.isClosed()).isTrue();
            }
        });
    }

    private static void after(TestLoop loop, int micros, Runnable task) {
        loop.run(() -> {
            Future<?> unused = loop.loop().schedule(task, micros, TimeUnit.MICROSECONDS);
        });
    }

    private void supply(BlockDevice device) {
        loop.run(() -> deferred.supply(device));
    }

    private static Completion then(Runnable next) {
        return new Completion() {
            @Override
            public void succeeded(ByteBuf data) {
                data.release();
                next.run();
            }

            @Override
            public void failed(BlockException cause) {
                throw new AssertionError(cause);
            }
        };
    }
}
