package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/**
 * Page B0h: how much one command may do (SBC-3 6.6.4). All counts are unsigned; zero means "not reported".
 *
 * @param transfer for one read or write
 * @param maxPrefetchBlocks for one PRE-FETCH
 * @param unmap for one UNMAP
 * @param maxWriteSameBlocks for one WRITE SAME
 */
public record BlockLimits(Transfer transfer, long maxPrefetchBlocks, Unmap unmap, long maxWriteSameBlocks) {

    /** What stands in where a unit has no such page. */
    public static final BlockLimits NOT_REPORTED = new BlockLimits(new Transfer(0, 0, 0), 0, new Unmap(0, 0, 0, 0), 0);

    /**
     * Limits of one read or write.
     *
     * @param granularityBlocks a multiple of this is cheap
     * @param maxBlocks most blocks of one command
     * @param optimalBlocks more than this is slower per block
     */
    public record Transfer(int granularityBlocks, long maxBlocks, long optimalBlocks) {}

    /**
     * Limits of one UNMAP.
     *
     * @param maxBlocks most blocks of one command, over all its descriptors; 0xffffffff is without limit
     * @param maxDescriptors most descriptors of one command; 0xffffffff is without limit
     * @param granularityBlocks less than this is not deallocated
     * @param alignmentBlocks the LBA of the first granule
     */
    public record Unmap(long maxBlocks, long maxDescriptors, long granularityBlocks, long alignmentBlocks) {}

    public static BlockLimits decode(ByteBuf page) {
        Transfer transfer =
                new Transfer(ParameterData.u16(page, 6), ParameterData.u32(page, 8), ParameterData.u32(page, 12));
        boolean alignmentValid = ParameterData.bit(page, 32, 0x80);
        Unmap unmap = new Unmap(
                ParameterData.u32(page, 20),
                ParameterData.u32(page, 24),
                ParameterData.u32(page, 28),
                alignmentValid ? ParameterData.u32(page, 32) & 0x7fff_ffffL : 0);
        return new BlockLimits(transfer, ParameterData.u32(page, 16), unmap, ParameterData.u64(page, 36));
    }
}
