package io.lunbridge.block;

import static io.lunbridge.block.DataContract.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two clients of one disk, each with a gated view of its own. */
class GatedBlockDeviceTest {

    private static final int BLOCK = 512;

    private final TestLoop loop = TestLoop.embedded();
    private final MemoryBlockDevice memory =
            new MemoryBlockDevice(loop.loop(), TestGeometry.of(1 << 20, BLOCK, 1 << 20));
    private final ModificationGate gate = new ModificationGate();
    private final GatedBlockDevice one = new GatedBlockDevice(memory, gate);
    private final GatedBlockDevice other = new GatedBlockDevice(memory, gate);

    @AfterEach
    void close() {
        loop.run(() -> {
            one.abandon();
            other.abandon();
        });
        loop.close();
    }

    @Test
    void anOpenGateLetsEverythingThrough() {
        assertThat(write(one, 1).hasSucceeded()).isTrue();
        assertThat(discard(one).hasSucceeded()).isTrue();
        assertThat(zero(one).hasSucceeded()).isTrue();
    }

    @Test
    void changesWaitOnEveryViewUntilTheLastHolderLetsGo() {
        gate.hold();
        gate.hold();
        RecordingCompletion[] held = {write(one, 1), write(other, 2), discard(other), zero(one)};
        gate.release();
        turn();
        assertThat(held).noneMatch(RecordingCompletion::isDone);

        gate.release();
        turn();
        assertThat(held).allMatch(RecordingCompletion::hasSucceeded);
        assertThat(write(one, 3).hasSucceeded()).isTrue();
    }

    @Test
    void readsAndFlushesDoNotWait() {
        gate.hold();
        RecordingCompletion read = new RecordingCompletion(loop.loop());
        RecordingCompletion flush = new RecordingCompletion(loop.loop());
        loop.run(() -> {
            one.read(0, BLOCK, read);
            one.flush(flush);
        });
        assertThat(read.hasSucceeded()).isTrue();
        assertThat(flush.hasSucceeded()).isTrue();
    }

    @Test
    void aGateThatRefusesFailsWhatWaitsAndWhatComes() {
        gate.hold();
        RecordingCompletion waiting = write(one, 1);
        gate.refuse();
        turn();
        assertThat(waiting.error()).isEqualTo(BlockError.IO);
        assertThat(write(other, 1).error()).isEqualTo(BlockError.IO);
        assertThat(discard(other).error()).isEqualTo(BlockError.IO);
        assertThat(zero(other).error()).isEqualTo(BlockError.IO);

        gate.admit();
        RecordingCompletion waitsAgain = write(other, 2);
        assertThat(waitsAgain.isDone()).isFalse();
        gate.release();
        turn();
        assertThat(waitsAgain.hasSucceeded()).isTrue();
    }

    @Test
    void whatWaitsOfAClientThatIsGoneNeverBegins() {
        write(one, 7);
        gate.hold();
        RecordingCompletion waiting = write(one, 1);
        loop.run(one::abandon);
        assertThat(waiting.error()).isEqualTo(BlockError.SHUT_DOWN);
        gate.release();
        turn();
        assertThat(write(one, 2).error()).isEqualTo(BlockError.SHUT_DOWN);
        RecordingCompletion read = new RecordingCompletion(loop.loop());
        loop.run(() -> other.read(0, BLOCK, read));
        assertThat(read.data()).isEqualTo(pattern(BLOCK, 7));
    }

    @Test
    void soManyWaitAndNoMore() {
        gate.hold();
        for (int i = 0; i < GatedBlockDevice.HELD_MAX; i++) {
            assertThat(discard(one).isDone()).isFalse();
        }
        assertThat(write(one, 1).error()).isEqualTo(BlockError.NO_MEMORY);
    }

    /** Below stands a layer that takes what was not right before the last change either for a bug, and closes the disk. */
    @Test
    void whatWaitedWhileTheDiskShrankTwiceFailsAlone() {
        CheckedBlockDevice checked = new CheckedBlockDevice(memory);
        GatedBlockDevice gated = new GatedBlockDevice(checked, gate);
        gate.hold();
        RecordingCompletion last = new RecordingCompletion(loop.loop());
        ByteBuf data = Unpooled.wrappedBuffer(pattern(BLOCK, 1));
        loop.run(() -> gated.write((1 << 20) - BLOCK, data, Durability.CACHED, last));
        RecordingCompletion first = write(gated, 2);
        loop.run(() -> {
            memory.resizeBy(-BLOCK);
            memory.resizeBy(-BLOCK);
        });
        gate.release();
        turn();
        assertThat(last.error()).isNotNull();
        assertThat(data.refCnt()).isZero();
        assertThat(first.hasSucceeded()).isTrue();
        assertThat(memory.isClosed()).isFalse();
    }

    private RecordingCompletion write(BlockDevice device, int seed) {
        RecordingCompletion done = new RecordingCompletion(loop.loop());
        ByteBuf data = Unpooled.directBuffer(BLOCK).writeBytes(pattern(BLOCK, seed));
        loop.run(() -> device.write(0, data, Durability.CACHED, done));
        return done;
    }

    private RecordingCompletion discard(BlockDevice device) {
        RecordingCompletion done = new RecordingCompletion(loop.loop());
        loop.run(() -> device.discard(BLOCK, BLOCK, done));
        return done;
    }

    private RecordingCompletion zero(BlockDevice device) {
        RecordingCompletion done = new RecordingCompletion(loop.loop());
        loop.run(() -> device.writeZeroes(BLOCK, BLOCK, Zeroing.MAY_DEALLOCATE, Durability.CACHED, done));
        return done;
    }

    /** What was told to the loop is done. */
    private void turn() {
        boolean[] turned = new boolean[1];
        loop.loop().execute(() -> turned[0] = true);
        loop.await(() -> turned[0]);
    }
}
