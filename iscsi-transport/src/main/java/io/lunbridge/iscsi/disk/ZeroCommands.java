package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Zeroing;
import java.util.EnumSet;
import java.util.Set;

/** Zeroes blocks, by the first fitting method that the unit has not refused; plain writes are refused by none. */
final class ZeroCommands {

    private final ScsiDisk disk;
    private final ZeroBlocks zeroBlocks;
    private final Set<ZeroMethod> methods = EnumSet.allOf(ZeroMethod.class);

    ZeroCommands(ScsiDisk disk, ZeroBlocks zeroBlocks) {
        this.disk = disk;
        this.zeroBlocks = zeroBlocks;
    }

    void zero(long lba, long blocks, Zeroing zeroing, Completion done) {
        new Run(lba, blocks, zeroing, done).next();
    }

    private ZeroMethod first(Zeroing zeroing) {
        for (ZeroMethod method : methods) {
            if (method.fits(zeroing, disk.info())) {
                return method;
            }
        }
        return ZeroMethod.WRITE;
    }

    private final class Run extends BlockRun {

        private final Zeroing zeroing;
        private ZeroMethod tried = ZeroMethod.WRITE;

        Run(long lba, long blocks, Zeroing zeroing, Completion done) {
            super(lba, blocks, done);
            this.zeroing = zeroing;
        }

        @Override
        void sendNext(long lba, long blocks) {
            tried = first(zeroing);
            if (tried != ZeroMethod.WRITE) {
                writeSame(lba, new CommandLimits(disk.info()).writeSameBlocks(lba, blocks, false));
            } else if (zeroing.onlyIfFast() && !hasChangedMedium()) {
                stop(new BlockException(BlockError.UNSUPPORTED, "the disk zeroes no faster than it writes"));
            } else {
                write(lba, (int) Math.min(blocks, zeroBlocks.maxBlocks()));
            }
        }

        private void writeSame(long lba, long count) {
            commandBlocks(count);
            DiskTask task = disk.task(Operation.ZERO, this);
            task.cdb().writeSame16(lba, (int) count, tried == ZeroMethod.WRITE_SAME_UNMAP, false);
            task.submitWith(zeroBlocks.one());
        }

        private void write(long lba, int count) {
            commandBlocks(count);
            disk.task(Operation.WRITE, this).writeBlocks(lba, zeroBlocks.bytes(count), false);
        }

        @Override
        boolean hasAlternative() {
            return methods.remove(tried) || tried != ZeroMethod.WRITE;
        }
    }
}
