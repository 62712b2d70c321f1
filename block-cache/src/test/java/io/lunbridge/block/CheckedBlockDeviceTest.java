package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckedBlockDeviceTest {

    private final TestLoop loop = TestLoop.embedded();
    private final List<TestRequest> reached = new ArrayList<>();
    private final List<BlockException> gone = new ArrayList<>();
    private final MemoryBlockDevice memory = MemoryBlockDevice.of(loop.loop(), 1 << 20);

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void noBreachOfRangeOrAlignmentReachesTheDevice() {
        condemns((device, done) -> device.read(1 << 20, 512, done));
        condemns((device, done) -> device.read((1 << 20) - 512, 1024, done));
        condemns((device, done) -> device.read(-512, 512, done));
        condemns((device, done) -> device.read(Long.MAX_VALUE - 511, 512, done));
        condemns((device, done) -> device.read(0, 0, done));
        condemns((device, done) -> device.read(1, 512, done));
        condemns((device, done) -> device.read(0, 511, done));
        condemns((device, done) -> device.discard(0, 2 << 20, done));
        condemns((device, done) -> device.prefetch(0, -512, done));
        condemns((device, done) -> device.writeZeroes(7, 512, Zeroing.KEEP_ALLOCATED, Durability.CACHED, done));
        condemns((device, done) -> device.blockStatus(1 << 20, 512, ((RecordingCompletion) done).forExtents()));
        condemns((device, done) -> device.write(1 << 20, buffer(512), Durability.CACHED, done));
    }

    @Test
    void noTransferAboveTheLimitReachesTheDevice() {
        memory.change(TestGeometry.of(1 << 20, 512, 1024));
        condemns((device, done) -> device.read(0, 1536, done));
        condemns((device, done) -> device.write(0, buffer(1536), Durability.CACHED, done));
    }

    @Test
    void noRequestWithoutItsFeatureReachesTheDevice() {
        without(Feature.WRITE);
        condemns((device, done) -> device.write(0, buffer(512), Durability.CACHED, done));
        condemns((device, done) -> device.discard(0, 512, done));
        without(Feature.WRITE_ZEROES);
        condemns((device, done) -> device.writeZeroes(0, 512, Zeroing.KEEP_ALLOCATED, Durability.CACHED, done));
        without(Feature.FLUSH);
        condemns(BlockDevice::flush);
        without(Feature.DURABLE_WRITE);
        condemns((device, done) -> device.write(0, buffer(512), Durability.DURABLE, done));
    }

    @Test
    void aRequestThatWasRightBeforeTheDeviceChangedOnlyFails() {
        DeviceUnderTest disk = new DeviceUnderTest(over(memory), loop);
        memory.change(TestGeometry.resized(memory.geometry(), 4096));
        assertThat(disk.await(disk.startRead(8192, 512)).error()).isEqualTo(BlockError.INVALID);
        memory.change(TestGeometry.without(memory.geometry(), Feature.WRITE));
        assertThat(disk.await(disk.startWrite(0, new byte[512])).error()).isEqualTo(BlockError.NOT_PERMITTED);
        assertThat(disk.read(0, 512)).hasSize(512);
        assertThat(gone).isEmpty();
        disk.close();
        disk.verify();
    }

    @Test
    void dataThatIsReleasedIsNotWritten() {
        ByteBuf data = buffer(512);
        data.release();
        BlockDevice device = over(memory);
        assertThatThrownBy(() -> device.write(0, data, Durability.CACHED, new RecordingCompletion(loop.loop())))
                .isInstanceOf(AssertionError.class);
        expectCondemned();
    }

    @Test
    void aSecondAnswerCondemnsTheDevice() {
        BlockDevice device = over(new Misbehaving(memory, done -> {
            done.succeeded(Unpooled.EMPTY_BUFFER);
            done.succeeded(buffer(1));
        }));
        assertThat(flush(device).hasSucceeded()).isTrue();
        expectCondemned();
    }

    @Test
    void anAnswerOfTheWrongLengthCondemnsTheDevice() {
        BlockDevice device = over(new Misbehaving(memory, done -> done.succeeded(buffer(1))));
        assertThat(flush(device).error()).isEqualTo(BlockError.IO);
        expectCondemned();
    }

    @Test
    void aThrowingDeviceIsCondemnedAndTheRequestAnswered() {
        BlockDevice device = over(new Misbehaving(memory, done -> {
            throw new IllegalStateException("planted");
        }));
        assertThat(flush(device).error()).isEqualTo(BlockError.IO);
        expectCondemned();
    }

    @Test
    void whatIsNeverAnsweredIsAnsweredAtTheClose() {
        BlockDevice device = over(new Misbehaving(memory, done -> {}));
        RecordingCompletion forgotten = flush(device);
        assertThat(forgotten.isDone()).isFalse();
        DeviceUnderTest disk = new DeviceUnderTest(device, loop);
        disk.close();
        assertThat(forgotten.error()).isEqualTo(BlockError.SHUT_DOWN);
        assertThat(forgotten.misconduct()).isNull();
    }

    @Test
    void aCallOnAnotherThreadThrowsAndCondemns() {
        try (TestLoop real = TestLoop.nio()) {
            MemoryBlockDevice other = MemoryBlockDevice.of(real.loop(), 4096);
            CheckedBlockDevice device = new CheckedBlockDevice(other);
            ByteBuf data = buffer(512);
            RecordingCompletion done = new RecordingCompletion(real.loop());
            assertThatThrownBy(() -> device.write(0, data, Durability.CACHED, done))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("a call on");
            assertThat(data.refCnt()).isZero();
            real.await(other::isClosed);
            assertThat(done.isDone()).isFalse();
        }
    }

    @Test
    void anAnswerOnAnotherThreadIsTakenToTheLoopAndCondemns() throws InterruptedException {
        try (TestLoop real = TestLoop.nio()) {
            MemoryBlockDevice other = MemoryBlockDevice.of(real.loop(), 4096);
            List<Completion> held = new ArrayList<>();
            CheckedBlockDevice device = new CheckedBlockDevice(new Misbehaving(other, held::add));
            RecordingCompletion done = new RecordingCompletion(real.loop());
            real.run(() -> device.flush(done));
            Thread stranger = new Thread(() -> held.get(0).succeeded(Unpooled.EMPTY_BUFFER));
            stranger.start();
            stranger.join();
            real.await(() -> done.isDone() && other.isClosed());
            assertThat(done.misconduct()).isNull();
        }
    }

    @Test
    void usesItsCallsAgain() {
        DeviceUnderTest disk = new DeviceUnderTest(over(memory), loop);
        for (int i = 0; i < 10 * CheckedCall.Pool.RESTING; i++) {
            disk.flush();
        }
        disk.close();
        disk.verify();
        assertThat(gone).isEmpty();
    }

    private interface Call {
        void on(BlockDevice device, Completion done);
    }

    private void condemns(Call call) {
        Geometry geometry = memory.geometry();
        reached.clear();
        gone.clear();
        MemoryBlockDevice fresh = new MemoryBlockDevice(loop.loop(), geometry);
        FaultyBlockDevice spy = new FaultyBlockDevice(fresh).failing(request -> !reached.add(request));
        DeviceUnderTest disk = new DeviceUnderTest(over(spy), loop);
        RecordingCompletion done = disk.start(d -> call.on(disk.device(), d));
        assertThat(done.error()).isEqualTo(BlockError.INVALID);
        assertThat(reached).isEmpty();
        assertThat(gone).hasSize(1);
        assertThat(fresh.isClosed()).isTrue();
        assertThat(disk.await(disk.startRead(0, 512)).error()).isEqualTo(BlockError.SHUT_DOWN);
    }

    private void without(Feature feature) {
        memory.change(TestGeometry.without(TestGeometry.of(1 << 20, 512, 1 << 20), feature));
    }

    private BlockDevice over(BlockDevice lower) {
        CheckedBlockDevice device = new CheckedBlockDevice(lower);
        device.addGeometryListener(new GeometryListener() {
            @Override
            public void geometryChanged(Geometry before, Geometry now) {}

            @Override
            public void deviceGone(BlockException cause) {
                gone.add(cause);
            }
        });
        return device;
    }

    private RecordingCompletion flush(BlockDevice device) {
        return new DeviceUnderTest(device, loop).start(device::flush);
    }

    private void expectCondemned() {
        assertThat(gone).hasSize(1);
        assertThat(memory.isClosed()).isTrue();
    }

    private static ByteBuf buffer(int lengthBytes) {
        return Unpooled.directBuffer(lengthBytes).writeZero(lengthBytes);
    }

    /** Answers a flush as it likes. */
    private static final class Misbehaving extends ForwardingBlockDevice {

        private final Consumer<Completion> flush;

        Misbehaving(BlockDevice lower, Consumer<Completion> flush) {
            super(lower, geometry -> geometry);
            this.flush = flush;
        }

        @Override
        public void flush(Completion done) {
            flush.accept(done);
        }
    }
}
