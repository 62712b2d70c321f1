package io.lunbridge.daemon;

import io.lunbridge.block.AlignedBlockDevice;
import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.ReadOnlyBlockDevice;
import io.lunbridge.block.SliceBlockDevice;
import io.lunbridge.block.SplittingBlockDevice;
import io.lunbridge.nbd.export.Export;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * What stands on a disk before it is served, outermost first: Checked → Aligned → Slice → read-only → Caching → Splitting
 * → the disk. Each is left out where it has nothing to do.
 */
public final class DeviceStack {

    private DeviceStack() {}

    /** The same for a thread that may block. */
    static BlockDevice built(BlockDevice disk, DiskRequest request, DiskCache cache, boolean byBytes)
            throws CommandException, InterruptedException {
        Callable<BlockDevice> build = () -> on(disk, request, cache, byBytes);
        try {
            return disk.eventLoop().submit(build).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** An export of the disk for the kernel, which has to see the LUN's own block size. Blocking. */
    public static Export forKernel(BlockDevice disk, DiskRequest request)
            throws CommandException, InterruptedException {
        return new Export(
                "",
                request.identifier(),
                built(disk, request, new DiskCache(request.cache()), false),
                request.readOnly());
    }

    /**
     * Builds the stack. Called on the device's loop.
     *
     * @param cache which other devices of the same unit may share
     * @param byBytes whether requests of any offset and length are taken; the kernel needs to see the LUN's block size
     *     instead, and keeps to it
     */
    static BlockDevice on(BlockDevice disk, DiskRequest request, DiskCache cache, boolean byBytes)
            throws CommandException {
        Geometry geometry = disk.geometry();
        long lengthBytes = request.lengthWithin(geometry.sizeBytes(), geometry.blockBytes());
        BlockDevice device = cache.over(new SplittingBlockDevice(disk));
        if (request.readOnly()) {
            device = new ReadOnlyBlockDevice(device);
        }
        if (request.lengthBytes() != null) {
            device = new SliceBlockDevice(device, request.offsetBytes(), lengthBytes);
        } else if (request.offsetBytes() != 0) {
            device = SliceBlockDevice.from(device, request.offsetBytes());
        }
        if (byBytes && geometry.blockBytes() > 1) {
            device = new AlignedBlockDevice(device);
        }
        return new CheckedBlockDevice(device);
    }
}
