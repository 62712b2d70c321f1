package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A device as a test uses it: from the test's thread, waiting for each answer, or starting many requests at once. Keeps
 * every completion and every written buffer, so that {@link #verify} can judge the device's manners at the end.
 */
public final class DeviceUnderTest {

    private final BlockDevice device;
    private final TestLoop loop;
    private final List<RecordingCompletion> completions = new ArrayList<>();
    private final List<ByteBuf> written = new ArrayList<>();
    private boolean closed;

    public DeviceUnderTest(BlockDevice device, TestLoop loop) {
        this.device = device;
        this.loop = loop;
    }

    public BlockDevice device() {
        return device;
    }

    public TestLoop loop() {
        return loop;
    }

    public Geometry geometry() {
        return device.geometry();
    }

    public byte[] read(long offsetBytes, int lengthBytes) {
        byte[] data = await(startRead(offsetBytes, lengthBytes)).data();
        assertThat(data).hasSize(lengthBytes);
        return data;
    }

    public void write(long offsetBytes, byte[] data) {
        await(startWrite(offsetBytes, data)).data();
    }

    public void write(long offsetBytes, byte[] data, Durability durability) {
        ByteBuf buffer = buffer(data);
        await(start(done -> device.write(offsetBytes, buffer, durability, done)))
                .data();
    }

    public void flush() {
        await(start(device::flush)).data();
    }

    public void discard(long offsetBytes, long lengthBytes) {
        await(start(done -> device.discard(offsetBytes, lengthBytes, done))).data();
    }

    public RecordingCompletion writeZeroes(long offsetBytes, long lengthBytes, Zeroing zeroing) {
        return await(start(done -> device.writeZeroes(offsetBytes, lengthBytes, zeroing, Durability.CACHED, done)));
    }

    public List<Extent> blockStatus(long offsetBytes, long lengthBytes) {
        return await(start(done -> {
                    RecordingCompletion recorder = (RecordingCompletion) done;
                    device.blockStatus(offsetBytes, lengthBytes, recorder.forExtents());
                }))
                .extents();
    }

    public RecordingCompletion startRead(long offsetBytes, int lengthBytes) {
        return start(done -> device.read(offsetBytes, lengthBytes, done));
    }

    public RecordingCompletion startWrite(long offsetBytes, byte[] data) {
        ByteBuf buffer = buffer(data);
        return start(done -> device.write(offsetBytes, buffer, Durability.CACHED, done));
    }

    /** Makes a call on the device's loop; does not wait for its outcome. */
    public RecordingCompletion start(Consumer<Completion> call) {
        RecordingCompletion completion = new RecordingCompletion(device.eventLoop());
        completions.add(completion);
        loop.run(() -> call.accept(completion));
        return completion;
    }

    public RecordingCompletion await(RecordingCompletion completion) {
        loop.await(completion::isDone);
        return completion;
    }

    public void awaitAll() {
        loop.await(() -> completions.stream().allMatch(RecordingCompletion::isDone));
    }

    /** Direct memory that no pool reuses, so that its count stays what the device made of it. */
    public ByteBuf buffer(byte[] data) {
        ByteBuf buffer = Unpooled.directBuffer(Math.max(1, data.length)).writeBytes(data);
        written.add(buffer);
        return buffer;
    }

    public void close() {
        closed = true;
        await(start(device::close));
    }

    public boolean isClosed() {
        return closed;
    }

    /** Every request was answered once and on the loop, every written buffer was released. After {@link #close}. */
    public void verify() {
        loop.run(() -> {
            assertThat(completions).allMatch(RecordingCompletion::isDone, "answered");
            assertThat(completions).extracting(RecordingCompletion::misconduct).containsOnlyNulls();
            assertThat(written).allMatch(buffer -> buffer.refCnt() == 0, "released");
        });
    }
}
