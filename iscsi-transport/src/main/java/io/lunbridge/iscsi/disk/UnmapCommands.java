package io.lunbridge.iscsi.disk;

import io.lunbridge.block.Completion;
import io.lunbridge.scsi.UnmapList;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Gives blocks back, by the first method that the unit has not refused (SBC-3 4.7.3).
 *
 * <p>A refused method makes the next one take over, and in the end none: a discard is advice. Any other failure is told.
 */
final class UnmapCommands {

    private static final int DESCRIPTORS = 1;
    /** As far as the ten bytes of WRITE SAME (10) reach; what lies behind keeps its storage. */
    private static final long MAX_LBA_10 = 1L << 32;

    private final ScsiDisk disk;
    private final ZeroBlocks zeroBlocks;
    private CommandLimits limits;
    private UnmapMethod method;

    UnmapCommands(ScsiDisk disk, ZeroBlocks zeroBlocks) {
        this.disk = disk;
        this.zeroBlocks = zeroBlocks;
        limits = new CommandLimits(disk.info());
        method = UnmapMethod.first(disk.info());
    }

    /** What the unit tells of itself has changed: it may have learned what it refused before. */
    void learn(DiskInfo now) {
        limits = new CommandLimits(now);
        method = UnmapMethod.first(now);
    }

    void discard(long lba, long blocks, Completion done) {
        new Run(lba, blocks, done).next();
    }

    private final class Run extends BlockRun {

        private UnmapMethod tried = UnmapMethod.NONE;

        Run(long lba, long blocks, Completion done) {
            super(lba, blocks, done);
        }

        @Override
        void sendNext(long lba, long blocks) {
            tried = method;
            switch (tried) {
                case UNMAP -> unmap(lba, limits.unmapBlocks(lba, blocks));
                case WRITE_SAME_16 -> writeSame(lba, limits.writeSameBlocks(lba, blocks, false));
                case WRITE_SAME_10 -> writeSame10(lba, Math.min(blocks, MAX_LBA_10 - lba));
                case NONE -> stop();
            }
        }

        private void unmap(long lba, long count) {
            commandBlocks(count);
            ByteBuf list = Unpooled.buffer(UnmapList.bytes(DESCRIPTORS));
            UnmapList.header(list, DESCRIPTORS);
            UnmapList.descriptor(list, lba, count);
            DiskTask task = disk.task(Operation.DISCARD, this);
            task.cdb().unmap(list.readableBytes());
            task.submitWith(list);
        }

        private void writeSame10(long lba, long reachableBlocks) {
            if (reachableBlocks <= 0) {
                stop();
            } else {
                writeSame(lba, limits.writeSameBlocks(lba, reachableBlocks, true));
            }
        }

        private void writeSame(long lba, long count) {
            commandBlocks(count);
            DiskTask task = disk.task(Operation.DISCARD, this);
            var unused = tried == UnmapMethod.WRITE_SAME_10
                    ? task.cdb().writeSame10(lba, (int) count, true)
                    : task.cdb().writeSame16(lba, (int) count, true, false);
            task.submitWith(zeroBlocks.one());
        }

        @Override
        boolean hasAlternative() {
            if (method == tried) {
                method = method.next(disk.info());
            }
            return true;
        }
    }
}
