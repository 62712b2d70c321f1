package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SplittingBlockDeviceTest {

    private final TestLoop loop = TestLoop.embedded();
    private final MemoryBlockDevice memory = new MemoryBlockDevice(loop.loop(), TestGeometry.of(64 << 10, 512, 1024));
    private final List<TestRequest> reached = new ArrayList<>();
    private final FaultyBlockDevice spy = new FaultyBlockDevice(memory).failing(request -> !reached.add(request));
    private final DelayedBlockDevice slow = new DelayedBlockDevice(spy, 3);
    private final SplittingBlockDevice device = new SplittingBlockDevice(slow);
    private final DeviceUnderTest disk = new DeviceUnderTest(device, loop);

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void keepsAFewPartsBelowAtOnce() {
        RecordingCompletion write = disk.startWrite(512, pattern(32 << 10, 1));
        assertThat(slow.held()).isEqualTo(SplittingBlockDevice.MAX_PARTS_IN_FLIGHT);
        slow.releaseOne();
        assertThat(slow.held()).isEqualTo(SplittingBlockDevice.MAX_PARTS_IN_FLIGHT);
        drain();
        assertThat(write.hasSucceeded()).isTrue();
        assertThat(reached).hasSize(32).allMatch(part -> part.range().lengthBytes() == 1024);
        RecordingCompletion read = disk.startRead(512, 32 << 10);
        drain();
        assertThat(read.data()).isEqualTo(pattern(32 << 10, 1));
    }

    @Test
    void joinsWithoutCopying() {
        List<ByteBuf> joined = new ArrayList<>();
        device.read(0, 2560, new Completion() {
            @Override
            public void succeeded(ByteBuf data) {
                joined.add(data);
            }

            @Override
            public void failed(BlockException cause) {
                throw new AssertionError(cause);
            }
        });
        drain();
        CompositeByteBuf composite = (CompositeByteBuf) joined.get(0);
        assertThat(composite.numComponents()).isEqualTo(3);
        assertThat(composite.release()).isTrue();
    }

    @Test
    void startsNothingAfterAFailureAndAnswersOnce() {
        spy.failing(request -> {
                    reached.add(request);
                    return request.range().offsetBytes() == 2048;
                })
                .with(BlockError.NO_SPACE);
        RecordingCompletion write = disk.startWrite(0, pattern(32 << 10, 1));
        drain();
        assertThat(write.error()).isEqualTo(BlockError.NO_SPACE);
        assertThat(reached.size()).isLessThan(32);
        RecordingCompletion read = disk.startRead(0, 32 << 10);
        drain();
        assertThat(read.error()).isEqualTo(BlockError.NO_SPACE);
        disk.close();
        disk.verify();
    }

    @Test
    void passesWhatFitsAndLongRangesStraightThrough() {
        disk.startRead(0, 1024);
        disk.start(done -> device.discard(0, 64 << 10, done));
        drain();
        assertThat(reached)
                .extracting(request -> request.range().lengthBytes())
                .containsExactlyInAnyOrder(1024L, 65536L);
    }

    private void drain() {
        while (slow.held() > 0) {
            slow.releaseAll();
        }
    }
}
