package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Part of {@link BlockDeviceContract}: closing, and the device's word about itself. */
public interface LifecycleContract {

    DeviceUnderTest disk();

    @Test
    default void answersEverythingBeforeItIsClosed() {
        int block = disk().geometry().blockBytes();
        BlockDevice device = disk().device();
        List<RecordingCompletion> inFlight = new ArrayList<>();
        RecordingCompletion closed = new RecordingCompletion(device.eventLoop());
        boolean[] early = new boolean[1];
        List<ByteBuf> buffers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            buffers.add(disk().buffer(pattern(block, i)));
        }
        disk().loop().run(() -> {
            for (int i = 0; i < 16; i++) {
                device.read((long) i * block, block, added(inFlight, device));
                writeOrRelease((long) i * block, buffers.get(i), added(inFlight, device));
            }
            device.close(new Completion() {
                @Override
                public void succeeded(ByteBuf data) {
                    early[0] = !inFlight.stream().allMatch(RecordingCompletion::isDone);
                    closed.succeeded(data);
                }

                @Override
                public void failed(BlockException cause) {
                    closed.failed(cause);
                }
            });
        });
        disk().loop().await(() -> closed.isDone() && inFlight.stream().allMatch(RecordingCompletion::isDone));
        assertThat(early[0]).as("closed before everything was answered").isFalse();
        assertThat(inFlight).extracting(RecordingCompletion::misconduct).containsOnlyNulls();
    }

    @Test
    default void failsEveryCallAfterClose() {
        int block = disk().geometry().blockBytes();
        BlockDevice device = disk().device();
        disk().close();
        expectFailure(disk().startRead(0, block));
        expectFailure(disk().startWrite(0, new byte[block]));
        expectFailure(disk().start(device::flush));
        expectFailure(disk().start(done -> device.discard(0, block, done)));
        expectFailure(disk().writeZeroes(0, block, Zeroing.MAY_DEALLOCATE));
        expectFailure(disk().start(done -> device.blockStatus(0, block, ((RecordingCompletion) done).forExtents())));
    }

    @Test
    default void closesTwice() {
        disk().close();
        disk().close();
    }

    @Test
    default void saysTheSameOfItselfUntilItChanges() {
        Geometry geometry = disk().geometry();
        assertThat(geometry.sizeBytes()).isPositive();
        assertThat(disk().geometry()).isEqualTo(geometry);
        disk().read(0, geometry.blockBytes());
        assertThat(disk().geometry()).isEqualTo(geometry);
    }

    @Test
    default void startsANewRequestFromWithinAnAnswer() {
        int block = disk().geometry().blockBytes();
        BlockDevice device = disk().device();
        assumeTrue(disk().geometry().sizeBytes() >= 100L * block);
        RecordingCompletion end = disk().start(done -> device.read(0, block, new Chain(device, 100, done::succeeded)));
        assertThat(disk().await(end).data()).hasSize(block);
    }

    private void writeOrRelease(long offsetBytes, ByteBuf data, RecordingCompletion done) {
        if (disk().geometry().has(Feature.WRITE)) {
            disk().device().write(offsetBytes, data, Durability.CACHED, done);
        } else {
            data.release();
            done.failed(new BlockException(BlockError.NOT_PERMITTED, "not asked"));
        }
    }

    private void expectFailure(RecordingCompletion completion) {
        assertThat(disk().await(completion).hasSucceeded()).isFalse();
    }

    private static RecordingCompletion added(List<RecordingCompletion> list, BlockDevice device) {
        RecordingCompletion completion = new RecordingCompletion(device.eventLoop());
        list.add(completion);
        return completion;
    }

    /** Reads block after block, each from within the answer of the one before. */
    final class Chain implements Completion {

        private final BlockDevice device;
        private final Consumer<ByteBuf> end;
        private int left;

        Chain(BlockDevice device, int reads, Consumer<ByteBuf> end) {
            this.device = device;
            this.left = reads;
            this.end = end;
        }

        @Override
        public void succeeded(ByteBuf data) {
            if (--left == 0) {
                end.accept(data);
                return;
            }
            data.release();
            int block = device.geometry().blockBytes();
            device.read((long) left * block, block, this);
        }

        @Override
        public void failed(BlockException cause) {
            throw new AssertionError(cause);
        }
    }
}
