package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlignedBlockDeviceTest {

    private static final int SIZE_BYTES = 64 << 10;

    private final TestLoop loop = TestLoop.embedded();
    private final MemoryBlockDevice memory = MemoryBlockDevice.of(loop.loop(), SIZE_BYTES);
    private final List<String> reached = new ArrayList<>();
    private final FaultyBlockDevice spy = new FaultyBlockDevice(memory).failing(this::note);
    private final DelayedBlockDevice slow = new DelayedBlockDevice(spy, 7);
    private final AlignedBlockDevice direct = new AlignedBlockDevice(spy);
    private final AlignedBlockDevice waiting = new AlignedBlockDevice(slow);
    private final DeviceUnderTest disk = new DeviceUnderTest(direct, loop);
    private final DeviceUnderTest slowDisk = new DeviceUnderTest(waiting, loop);

    @AfterEach
    void stop() {
        loop.close();
    }

    private boolean note(TestRequest request) {
        TestRequest.Range range = request.range();
        reached.add(request.kind() + " " + range.offsetBytes() + "+" + range.lengthBytes());
        return false;
    }

    @Test
    void saysThatItsBlocksAreBytes() {
        Geometry geometry = direct.geometry();
        assertThat(geometry.blockBytes()).isEqualTo(1);
        assertThat(geometry.maxTransferBytes()).isEqualTo((1 << 20) - 512);
        assertThat(geometry.sizeBytes()).isEqualTo(SIZE_BYTES);
    }

    @Test
    void widensAReadToWholeBlocks() {
        byte[] content = pattern(2048, 1);
        disk.write(0, content);
        reached.clear();
        assertThat(disk.read(511, 2)).containsExactly(content[511], content[512]);
        assertThat(disk.read(600, 10)).isEqualTo(Arrays.copyOfRange(content, 600, 610));
        assertThat(reached).containsExactly("READ 0+1024", "READ 512+512");
    }

    @Test
    void readsAndWritesOnlyTheBlocksThatItMust() {
        disk.write(100, pattern(50, 1));
        disk.write(512, pattern(700, 2));
        disk.write(1000, pattern(2000, 3));
        disk.write(1024, pattern(512, 4));
        assertThat(reached)
                .containsExactly(
                        "READ 0+512",
                        "WRITE 0+512",
                        "READ 1024+512",
                        "WRITE 512+1024",
                        "READ 512+512",
                        "READ 2560+512",
                        "WRITE 512+2560",
                        "WRITE 1024+512");
    }

    @Test
    void keepsTheEdgesAtTheVeryEnd() {
        byte[] content = pattern(1024, 5);
        disk.write(SIZE_BYTES - 1024, content);
        disk.write(SIZE_BYTES - 1, new byte[] {42});
        content[1023] = 42;
        assertThat(disk.read(SIZE_BYTES - 1023, 1023)).isEqualTo(Arrays.copyOfRange(content, 1, 1024));
    }

    @Test
    void discardsOnlyWholeBlocks() {
        disk.discard(1, 511);
        disk.discard(1, 1022);
        disk.discard(100, 2000);
        assertThat(reached).containsExactly("DISCARD 512+1536");
    }

    @Test
    void zeroesWholeBlocksFirstAndTheEdgesByWriting() {
        disk.writeZeroes(500, 1100, Zeroing.MAY_DEALLOCATE).data();
        assertThat(reached)
                .containsExactly(
                        "WRITE_ZEROES 512+1024", "READ 0+512", "WRITE 0+512", "READ 1536+512", "WRITE 1536+512");
    }

    @Test
    void leavesEverythingAsItWasWhereZeroingIsNotFast() {
        memory.change(TestGeometry.without(memory.geometry(), Feature.FAST_ZERO));
        byte[] content = pattern(4096, 6);
        disk.write(0, content);
        assertThat(disk.writeZeroes(100, 3000, Zeroing.MAY_DEALLOCATE_FAST).error())
                .isEqualTo(BlockError.UNSUPPORTED);
        assertThat(disk.writeZeroes(100, 30, Zeroing.KEEP_ALLOCATED_FAST).error())
                .isEqualTo(BlockError.UNSUPPORTED);
        assertThat(disk.read(0, 4096)).isEqualTo(content);
    }

    @Test
    void describesFromTheByteThatWasAskedFor() {
        disk.write(1024, pattern(512, 1));
        assertThat(disk.blockStatus(1000, 100))
                .containsExactly(new Extent(24, true, true), new Extent(512, false, false));
    }

    @Test
    void failsAWriteWhoseEdgeCannotBeRead() {
        spy.failing(request -> request.kind() == TestRequest.Kind.READ);
        assertThat(disk.await(disk.startWrite(10, pattern(600, 1))).error()).isEqualTo(BlockError.IO);
        assertThat(memory.bytes().allocatedPages()).isZero();
        disk.close();
        disk.verify();
    }

    @Test
    void anAlignedWriteWaitsForTheEdgeThatIsBeingWritten() {
        RecordingCompletion edge = slowDisk.startWrite(10, pattern(20, 1));
        RecordingCompletion aligned = slowDisk.startWrite(0, pattern(512, 2));
        RecordingCompletion elsewhere = slowDisk.startWrite(512, pattern(512, 3));
        assertThat(slow.held()).as("the edge's read and the write elsewhere").isEqualTo(2);
        while (!elsewhere.isDone()) {
            slow.releaseOne();
        }
        while (slow.held() > 0) {
            slow.releaseAll();
        }
        assertThat(edge.hasSucceeded() && aligned.hasSucceeded()).isTrue();
        assertThat(new DeviceUnderTest(memory, loop).read(0, 512)).isEqualTo(pattern(512, 2));
    }

    @Test
    void refusesWhatWouldWaitBehindTooMany() {
        slowDisk.startWrite(10, new byte[1]);
        List<RecordingCompletion> writes = new ArrayList<>();
        for (int i = 0; i <= RangeLock.MAX_WAITING; i++) {
            writes.add(slowDisk.startWrite(20, new byte[1]));
        }
        assertThat(writes.get(RangeLock.MAX_WAITING).error()).isEqualTo(BlockError.NO_MEMORY);
        assertThat(slowDisk.await(slowDisk.start(waiting::close)).hasSucceeded())
                .isTrue();
        assertThat(writes).allMatch(RecordingCompletion::isDone);
        assertThat(writes.get(0).error()).isEqualTo(BlockError.SHUT_DOWN);
        slowDisk.verify();
    }

    @Test
    void aLongQueueOnOneBlockDrainsWithoutDeepRecursion() {
        RecordingCompletion first = slowDisk.startWrite(10, new byte[1]);
        List<RecordingCompletion> writes = new ArrayList<>();
        for (int i = 0; i < RangeLock.MAX_WAITING; i++) {
            writes.add(slowDisk.startWrite(i % 512, new byte[] {(byte) i}));
        }
        while (slow.held() > 0) {
            slow.releaseAll();
        }
        assertThat(first.hasSucceeded()).isTrue();
        assertThat(writes).allMatch(RecordingCompletion::hasSucceeded);
        slowDisk.close();
        slowDisk.verify();
    }
}
