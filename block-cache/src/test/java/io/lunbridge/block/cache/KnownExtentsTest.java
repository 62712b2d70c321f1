package io.lunbridge.block.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.DeviceUnderTest;
import io.lunbridge.block.Extent;
import io.lunbridge.block.ExtentsCompletion;
import io.lunbridge.block.ForwardingBlockDevice;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.RecordingCompletion;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.block.TestLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a question about allocation is answered by what the last answer told, and when it has to go down. */
class KnownExtentsTest {

    private static final int SIZE_BYTES = 16 << 20;
    private static final int PAGE = BlockCache.PAGE_BYTES;

    private final TestLoop loop = TestLoop.embedded();
    private final Asked asked =
            new Asked(new MemoryBlockDevice(loop.loop(), TestGeometry.of(SIZE_BYTES, 512, 1 << 20)));
    private final DeviceUnderTest disk = new DeviceUnderTest(
            new CheckedBlockDevice(
                    new CachingBlockDevice(asked, new BlockCache(BlockCache.MIN_BYTES, 512, () -> {}), 0)),
            loop);

    @AfterEach
    void close() {
        disk.close();
        disk.verify();
        loop.close();
    }

    @Test
    void goesFromOneExtentToTheNextByOneAnswer() {
        disk.write(64 << 10, new byte[64 << 10]);
        disk.write(256 << 10, new byte[64 << 10]);
        long at = 0;
        for (long length : new long[] {64 << 10, 64 << 10, 128 << 10, 64 << 10, (1 << 20) - (320 << 10)}) {
            Extent first = disk.blockStatus(at, (1 << 20) - at).get(0);
            assertThat(first.lengthBytes()).isEqualTo(length);
            at += length;
        }
        assertThat(asked.times).isEqualTo(1);
        assertThat(disk.blockStatus(96 << 10, 4096)).first().isEqualTo(new Extent(32 << 10, false, false));
        disk.blockStatus(1 << 20, 4096); // behind what was told of
        assertThat(asked.times).isEqualTo(2);
    }

    @Test
    void whatIsChangedIsAskedForAgain() {
        assertThat(disk.blockStatus(0, 1 << 20)).containsExactly(new Extent(1 << 20, true, true));
        disk.write(4 << 20, new byte[PAGE]);
        disk.blockStatus(0, 1 << 20);
        assertThat(asked.times).isEqualTo(1);
        disk.write(PAGE, new byte[PAGE]);
        assertThat(disk.blockStatus(PAGE, PAGE).get(0).hole()).isFalse();
        disk.discard(0, 1 << 20);
        assertThat(disk.blockStatus(PAGE, PAGE).get(0).hole()).isTrue();
        assertThat(asked.times).isEqualTo(3);
    }

    @Test
    void whatIsAskedWhileAChangeIsOnItsWayIsNotKept() {
        asked.holds = true;
        var answer =
                disk.start(done -> disk.device().blockStatus(0, 1 << 20, ((RecordingCompletion) done).forExtents()));
        disk.write(PAGE, new byte[PAGE]);
        loop.run(() -> asked.held.remove().succeeded(List.of(new Extent(1 << 20, true, true))));
        assertThat(answer.isDone()).isTrue();
        asked.holds = false;
        assertThat(disk.blockStatus(PAGE, PAGE).get(0).hole()).isFalse();
    }

    @Test
    void nothingIsKnownAfterAnAbsence() {
        disk.blockStatus(0, 1 << 20);
        loop.run(asked::doubt);
        disk.blockStatus(0, 1 << 20);
        assertThat(asked.times).isEqualTo(2);
    }

    @Test
    void aFailureTellsNothing() {
        asked.holds = true;
        var answer = disk.start(done -> disk.device().blockStatus(0, 4096, ((RecordingCompletion) done).forExtents()));
        loop.run(() -> asked.held.remove().failed(new BlockException(BlockError.IO, "broken")));
        assertThat(answer.hasSucceeded()).isFalse();
        asked.holds = false;
        assertThat(disk.blockStatus(0, 4096)).isNotEmpty();
        assertThat(asked.times).isEqualTo(2);
    }

    /** Counts the questions, and keeps them back where it is told to. */
    private static final class Asked extends ForwardingBlockDevice {

        private final MemoryBlockDevice memory;
        private final Deque<ExtentsCompletion> held = new ArrayDeque<>();
        private int times;
        private boolean holds;

        Asked(MemoryBlockDevice memory) {
            super(memory, UnaryOperator.identity());
            this.memory = memory;
        }

        void doubt() {
            memory.doubt();
        }

        @Override
        public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
            times++;
            if (holds) {
                held.add(done);
            } else {
                lower().blockStatus(offsetBytes, lengthBytes, done);
            }
        }
    }
}
