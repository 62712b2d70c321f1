package io.lunbridge.kernel;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.Completion;
import io.lunbridge.block.ForwardingBlockDevice;
import io.lunbridge.interop.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A disk that, while it is told to, keeps the answers to the reads of its last third. */
final class GuestLifeDisk extends ForwardingBlockDevice {

    /** Where that third begins. */
    static final long HELD_MIB = 64;

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<Runnable> held = new ArrayList<>();
    private volatile int heldCount;
    private boolean holding;

    private GuestLifeDisk(BlockDevice lower) {
        super(lower, UnaryOperator.identity());
    }

    static GuestLifeDisk of(BlockDevice lower) throws Exception {
        return lower.eventLoop().submit(() -> new GuestLifeDisk(lower)).get();
    }

    static GuestLifeDisk memory() throws Exception {
        return of(GuestDisk.memory());
    }

    /** From now on those reads are held. */
    GuestLifeDisk hold() throws Exception {
        eventLoop().submit(() -> holding = true).get();
        return this;
    }

    /** Waits until so many reads are held. */
    void awaitHeld(int count) {
        Waiting.until(LIMIT, () -> heldCount >= count, () -> heldCount + " reads are held");
    }

    /** Answers what is held, and from now on at once. */
    void answer() throws Exception {
        eventLoop()
                .submit(() -> {
                    holding = false;
                    held.forEach(Runnable::run);
                    held.clear();
                    heldCount = 0;
                })
                .get();
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        if (holding && offsetBytes >= HELD_MIB << 20) {
            held.add(() -> lower().read(offsetBytes, lengthBytes, done));
            heldCount = held.size();
        } else {
            lower().read(offsetBytes, lengthBytes, done);
        }
    }
}
