package io.lunbridge.daemon;

import io.lunbridge.block.AlignedBlockDevice;
import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.CheckedBlockDevice;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.ReadOnlyBlockDevice;
import io.lunbridge.block.SliceBlockDevice;
import io.lunbridge.block.SplittingBlockDevice;

/**
 * What stands on a disk before it is served, outermost first: Checked → Aligned → Slice → read-only → Splitting → the
 * disk. Each is left out where it has nothing to do.
 */
final class DeviceStack {

    private DeviceStack() {}

    /**
     * Builds the stack. Called on the device's loop.
     *
     * @param byBytes whether requests of any offset and length are taken; the kernel needs to see the LUN's block size
     *     instead, and keeps to it
     */
    static BlockDevice on(BlockDevice disk, DiskRequest request, boolean byBytes) throws CommandException {
        Geometry geometry = disk.geometry();
        long lengthBytes = request.lengthWithin(geometry.sizeBytes(), geometry.blockBytes());
        BlockDevice device = new SplittingBlockDevice(disk);
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
