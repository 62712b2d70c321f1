package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.BlockLimits;

/** How much one command may deallocate or zero: the unit's limits, and ours where it names none. */
final class CommandLimits {

    /** Most bytes that one UNMAP gives back: what a slow unit can do well within a command's time. */
    private static final long MAX_UNMAP_BYTES = 1L << 30;

    /** Most blocks of WRITE SAME where the unit names no limit: what its 10-byte form can hold. */
    private static final long DEFAULT_WRITE_SAME_BLOCKS = 0xffff;

    private static final long MAX_WRITE_SAME_BLOCKS_10 = 0xffff;
    private static final long MAX_WRITE_SAME_BLOCKS = 0x7fffff;

    private final BlockLimits limits;
    private final long maxUnmapBlocks;

    CommandLimits(DiskInfo info) {
        limits = info.limits();
        maxUnmapBlocks = MAX_UNMAP_BYTES / info.blockBytes();
    }

    /** Blocks from {@code lba} on that one UNMAP may take; a cut is made between granules, so that none is lost in it. */
    long unmapBlocks(long lba, long blocks) {
        long told = limits.unmap().maxBlocks();
        return betweenGranules(lba, blocks, told == 0 ? maxUnmapBlocks : Math.min(told, maxUnmapBlocks));
    }

    /** Blocks from {@code lba} on that one WRITE SAME may take. */
    long writeSameBlocks(long lba, long blocks, boolean tenBytes) {
        long told = limits.maxWriteSameBlocks();
        long limit = told == 0 ? DEFAULT_WRITE_SAME_BLOCKS : Math.min(told, MAX_WRITE_SAME_BLOCKS);
        return betweenGranules(lba, blocks, tenBytes ? Math.min(limit, MAX_WRITE_SAME_BLOCKS_10) : limit);
    }

    private long betweenGranules(long lba, long blocks, long limit) {
        if (blocks <= limit) {
            return blocks;
        }
        long granularity = Math.max(1, limits.unmap().granularityBlocks());
        long beyond = Math.floorMod(lba + limit - limits.unmap().alignmentBlocks(), granularity);
        return beyond < limit ? limit - beyond : limit;
    }
}
