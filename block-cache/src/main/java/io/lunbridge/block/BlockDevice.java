package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * A disk. Confined to {@link #eventLoop()}: every call is made there, every completion arrives there.
 *
 * <p>Offsets and lengths are in bytes, lie inside {@link Geometry#sizeBytes()} and are multiples of {@link
 * Geometry#blockBytes()}; lengths are positive. The caller keeps to that (see {@code CheckedBlockDevice}); a device
 * below does not check again. Requests may complete in any order; a caller that needs an order waits for the answer.
 */
public interface BlockDevice {

    /** The one thread of this device. */
    EventLoop eventLoop();

    /** What the device is now. A later change is told to the {@link GeometryListener}s. */
    Geometry geometry();

    /** Adds a listener for the rest of the device's life. Called on the loop. */
    void addGeometryListener(GeometryListener listener);

    /**
     * Reads. {@link Completion#succeeded} receives exactly {@code lengthBytes} readable bytes and owns them.
     *
     * @param lengthBytes at most {@link Geometry#maxTransferBytes()}
     */
    void read(long offsetBytes, int lengthBytes, Completion done);

    /**
     * Writes the readable bytes of {@code data}, at most {@link Geometry#maxTransferBytes()}. The device owns {@code
     * data} from this call on and releases it exactly once, after the medium has answered (recovery sends it again).
     */
    void write(long offsetBytes, ByteBuf data, Durability durability, Completion done);

    /** Makes every write, zeroing and discard that was answered before this call stable on the medium. */
    void flush(Completion done);

    /** Tells the device that the range's content is not needed. It may do less than asked and still succeed. */
    void discard(long offsetBytes, long lengthBytes, Completion done);

    /**
     * Makes the range read as zeroes.
     *
     * <p>With {@link Zeroing#onlyIfFast()} and no way faster than writing, fails at once with {@link
     * BlockError#UNSUPPORTED} and leaves the medium as it was; never fails so otherwise.
     */
    void writeZeroes(long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done);

    /**
     * Describes the allocation of the range from its start; the extents are contiguous and may end before or after the
     * range does, but cover at least one block.
     */
    void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done);

    /** Advice that the range will be read soon. Succeeds also where it does nothing. */
    void prefetch(long offsetBytes, long lengthBytes, Completion done);

    /** Fails what is in flight, releases everything, then completes. Calls after this one fail. */
    void close(Completion done);
}
