package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random overlapping requests against a device, each answer judged by {@link ByteHistory}. */
public final class RandomTraffic {

    private static final int MOST_IN_FLIGHT = 32;
    private static final List<Zeroing> ZEROINGS = List.of(Zeroing.values());

    private final TestLoop loop;
    private final List<BlockDevice> devices;
    private final Random random;
    private final ByteHistory history;
    private final int sizeBytes;
    private final int mostBytes;
    private final int blockBytes;
    private int inFlight;
    private final Map<BlockDevice, Integer> lastReadEnds = new HashMap<>();
    private int failures;
    private @Nullable AssertionError wrong;
    private final List<ByteBuf> written = new ArrayList<>();

    RandomTraffic(TestLoop loop, BlockDevice device, long seed) {
        this(loop, List.of(device), seed);
    }

    /** Traffic through several devices that lead to one medium. */
    public RandomTraffic(TestLoop loop, List<BlockDevice> devices, long seed) {
        this.loop = loop;
        this.devices = devices;
        this.random = new Random(seed);
        Geometry geometry = devices.get(0).geometry();
        this.sizeBytes = Math.toIntExact(geometry.sizeBytes());
        this.blockBytes = geometry.blockBytes();
        this.mostBytes = Math.min(6000 - 6000 % blockBytes, geometry.maxTransferBytes());
        this.history = new ByteHistory(sizeBytes);
    }

    /** Makes this many requests, lets them finish, and reads the whole disk. */
    public void run(int requests) {
        for (int i = 0; i < requests; i++) {
            loop.await(() -> inFlight < MOST_IN_FLIGHT);
            loop.run(this::request);
            rethrow();
        }
        loop.await(() -> inFlight == 0);
        rethrow();
        assertThat(written).allMatch(buffer -> buffer.refCnt() == 0);
    }

    /** How many requests have failed. */
    public int failures() {
        return failures;
    }

    /** Small ranges near each other, so that many share a block; at times a long one. */
    private void request() {
        int length = 1 + (random.nextInt(10) == 0 ? random.nextInt(mostBytes) : random.nextInt(700));
        length = Math.min(length, mostBytes);
        int offset = random.nextInt(sizeBytes - length + 1);
        if (random.nextInt(4) == 0) {
            offset = offset / 512 * 512;
            length = Math.max(512, length / 512 * 512);
            length = Math.min(length, sizeBytes - offset);
        }
        offset -= offset % blockBytes;
        length = Math.min(length + (-length & (blockBytes - 1)), mostBytes);
        inFlight++;
        switch (random.nextInt(9)) {
            case 8 -> status(offset, length);
            case 0, 1, 2 -> write(offset, length);
            case 3 -> zero(offset, length);
            case 4 -> discard(offset, length);
            default -> read(offset, length);
        }
    }

    private BlockDevice device() {
        return devices.get(random.nextInt(devices.size()));
    }

    /** Anywhere, or where the device's last one has ended. */
    private void read(int randomOffset, int length) {
        BlockDevice device = device();
        int lastReadEnd = lastReadEnds.getOrDefault(device, 0);
        boolean goesOn = random.nextInt(3) != 0 && lastReadEnd <= sizeBytes - length;
        int offset = goesOn ? lastReadEnd : randomOffset;
        lastReadEnds.put(device, offset + length);
        ByteHistory.Look look = history.startRead(offset, length);
        RecordingCompletion seen = new RecordingCompletion(device.eventLoop());
        device.read(offset, length, new Answer(seen, () -> {
            if (seen.hasSucceeded()) {
                assertThat(seen.data()).hasSize(length);
                history.finishRead(look, seen.data());
            } else {
                history.abandonRead(look);
            }
        }));
    }

    private void status(int offset, int length) {
        BlockDevice device = device();
        ByteHistory.Look look = history.startRead(offset, length);
        RecordingCompletion seen = new RecordingCompletion(device.eventLoop());
        device.blockStatus(offset, length, new ExtentsCompletion() {
            @Override
            public void succeeded(List<Extent> extents) {
                seen.forExtents().succeeded(extents);
                settle(seen, () -> history.finishStatus(look, extents));
            }

            @Override
            public void failed(BlockException cause) {
                failures++;
                seen.failed(cause);
                settle(seen, () -> history.abandonRead(look));
            }
        });
    }

    private void write(int offset, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        ByteBuf data = Unpooled.directBuffer(length).writeBytes(bytes);
        if (written.size() < 1000) {
            written.add(data);
        }
        Durability durability = random.nextBoolean() ? Durability.CACHED : Durability.DURABLE;
        device().write(offset, data, durability, change(offset, bytes));
    }

    private void zero(int offset, int length) {
        Zeroing zeroing = ZEROINGS.get(random.nextInt(ZEROINGS.size()));
        device().writeZeroes(offset, length, zeroing, Durability.CACHED, change(offset, new byte[length]));
    }

    /** A discard may zero whole blocks, and may leave what it likes: so it is never certain. */
    private void discard(int offset, int length) {
        ByteHistory.Change change = history.startChange(offset, new byte[length]);
        RecordingCompletion seen = new RecordingCompletion(loop.loop());
        device().discard(offset, length, new Answer(seen, () -> history.finishChange(change, false)));
    }

    private Completion change(int offset, byte[] bytes) {
        ByteHistory.Change change = history.startChange(offset, bytes);
        RecordingCompletion seen = new RecordingCompletion(loop.loop());
        return new Answer(seen, () -> history.finishChange(change, seen.hasSucceeded()));
    }

    private void rethrow() {
        if (wrong != null) {
            throw wrong;
        }
    }

    /** A whole read of the disk, to be judged like any other. */
    public void readEverything() {
        byte[] all = new byte[sizeBytes];
        ByteHistory.Look look = history.startRead(0, sizeBytes);
        DeviceUnderTest disk = new DeviceUnderTest(devices.get(0), loop);
        for (int at = 0; at < sizeBytes; at += mostBytes) {
            byte[] part = disk.read(at, Math.min(mostBytes, sizeBytes - at));
            System.arraycopy(part, 0, all, at, part.length);
        }
        history.finishRead(look, Arrays.copyOf(all, all.length));
    }

    /** Passes the outcome to the recorder, then judges; what is wrong is kept, as a loop would swallow it. */
    private final class Answer implements Completion {

        private final RecordingCompletion seen;
        private final Runnable judge;

        Answer(RecordingCompletion seen, Runnable judge) {
            this.seen = seen;
            this.judge = judge;
        }

        @Override
        public void succeeded(ByteBuf data) {
            seen.succeeded(data);
            settle(seen, judge);
        }

        @Override
        public void failed(BlockException cause) {
            failures++;
            seen.failed(cause);
            settle(seen, judge);
        }
    }

    private void settle(RecordingCompletion seen, Runnable judge) {
        inFlight--;
        try {
            assertThat(seen.misconduct()).isNull();
            judge.run();
        } catch (AssertionError e) {
            wrong = e;
        }
    }
}
