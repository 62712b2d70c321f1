package io.lunbridge.block;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link BlockDevice} must do, from the disk in memory to a LUN of a real target: extend this and say how the
 * device is opened. Each test opens one, and afterwards the device is closed and its manners are judged: every request
 * answered exactly once and on the loop, every buffer released.
 *
 * <p>The device's content at the start may be anything. It should have 1 MiB or a little more; a device without {@link
 * Feature#WRITE} runs the tests that make sense for it.
 */
public abstract class BlockDeviceContract
        implements DataContract,
                ConcurrencyContract,
                ZeroingContract,
                StatusContract,
                GeometryContract,
                LifecycleContract {

    private TestLoop loop;
    private DeviceUnderTest disk;

    /** Opens a device on {@code loop}. Called on the test's thread, before each test. */
    protected abstract BlockDevice open(TestLoop loop) throws Exception;

    /** The loop to open on: a deterministic one, unless the device does real input and output. */
    protected TestLoop newLoop() {
        return TestLoop.embedded();
    }

    /** Ends what {@link #open} started besides the device. Called when the device is closed. */
    protected void shutDown() throws Exception {}

    @BeforeEach
    final void openDevice() throws Exception {
        loop = newLoop();
        disk = new DeviceUnderTest(open(loop), loop);
    }

    @AfterEach
    final void closeDevice() throws Exception {
        try {
            if (!disk.isClosed()) {
                disk.close();
            }
            disk.verify();
        } finally {
            shutDown();
            loop.close();
        }
    }

    @Override
    public final DeviceUnderTest disk() {
        return disk;
    }
}
