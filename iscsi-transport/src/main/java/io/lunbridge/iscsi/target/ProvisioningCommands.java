package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.scsi.AdditionalSense;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** UNMAP, WRITE SAME and GET LBA STATUS (SBC-3 5.28, 5.42, 5.5): memory is given back, and says whether it is there. */
final class ProvisioningCommands {

    private static final int UNMAP = 0x08;
    private static final int ANCHOR = 0x10;
    private static final int NO_DATA_OUT = 0x01;
    private static final int PROTECT = 0xe0;
    private static final int LIST_HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;

    /** What one GET LBA STATUS looks at: it may tell less than it is asked. */
    private static final int MAX_STATUS_PAGES = 1 << 18;

    private static final int MAX_STATUS_DESCRIPTORS = 64;

    private ProvisioningCommands() {}

    static Work unmap(ScsiCommand command, RamDisk disk) throws CheckCondition {
        if (Cdbs.bit(command, 1, 0x01)) {
            throw CheckCondition.invalidField();
        }
        int listBytes = Cdbs.u16(command, 7);
        if (listBytes == 0) {
            return Work.Done.GOOD;
        }
        if (listBytes < LIST_HEADER_BYTES) {
            throw new CheckCondition(CheckCondition.ILLEGAL_REQUEST, CheckCondition.PARAMETER_LIST_LENGTH);
        }
        return new Work.Receive(ParameterSink.upTo(listBytes, list -> unmap(list, disk)));
    }

    /** Checks every descriptor before the first one is carried out. */
    private static void unmap(ByteBuf list, RamDisk disk) throws CheckCondition {
        if (list.readableBytes() < LIST_HEADER_BYTES) {
            throw new CheckCondition(CheckCondition.ILLEGAL_REQUEST, CheckCondition.PARAMETER_LIST_LENGTH);
        }
        int descriptorBytes = Math.min(list.getUnsignedShort(2), list.readableBytes() - LIST_HEADER_BYTES);
        int count = descriptorBytes / DESCRIPTOR_BYTES;
        if (count > Inquiries.MAX_UNMAP_DESCRIPTORS) {
            throw CheckCondition.invalidParameter();
        }
        long total = 0;
        for (int i = 0; i < count; i++) {
            int at = LIST_HEADER_BYTES + i * DESCRIPTOR_BYTES;
            BlockCommands.checkRange(list.getLong(at), list.getUnsignedInt(at + 8), disk);
            total += list.getUnsignedInt(at + 8);
        }
        if (total > Inquiries.MAX_UNMAP_BLOCKS) {
            throw CheckCondition.invalidParameter();
        }
        for (int i = 0; i < count; i++) {
            int at = LIST_HEADER_BYTES + i * DESCRIPTOR_BYTES;
            discard(disk, list.getLong(at), list.getUnsignedInt(at + 8));
        }
    }

    static Work writeSame(ScsiCommand command, RamDisk disk) throws CheckCondition {
        boolean sixteen = Cdbs.operationCode(command) == 0x93;
        boolean unmap = Cdbs.bit(command, 1, UNMAP);
        boolean noData = sixteen && Cdbs.bit(command, 1, NO_DATA_OUT);
        long lba = Cdbs.lba(command);
        long blocks = Cdbs.blocks(command);
        if (Cdbs.bit(command, 1, PROTECT) || Cdbs.bit(command, 1, ANCHOR) || blocks == 0) {
            throw CheckCondition.invalidField();
        }
        BlockCommands.checkRange(lba, blocks, disk);
        if (blocks > Inquiries.MAX_WRITE_SAME_BYTES / disk.blockBytes()) {
            throw CheckCondition.invalidField();
        }
        ByteBuf zeroes = Unpooled.wrappedBuffer(new byte[disk.blockBytes()]);
        if (noData) {
            fill(disk, lba, blocks, zeroes, unmap);
            return Work.Done.GOOD;
        }
        return new Work.Receive(
                ParameterSink.exactly(disk.blockBytes(), pattern -> fill(disk, lba, blocks, pattern, unmap)));
    }

    /** A block of zeroes may give memory back; anything else is written. */
    private static void fill(RamDisk disk, long lba, long blocks, ByteBuf pattern, boolean unmap)
            throws CheckCondition {
        int blockBytes = disk.blockBytes();
        if (unmap && isZero(pattern)) {
            discard(disk, lba, blocks);
            return;
        }
        for (long i = 0; i < blocks; i++) {
            if (!disk.store().write((lba + i) * blockBytes, blockBytes, pattern.duplicate())) {
                throw CheckCondition.outOfSpace();
            }
        }
    }

    private static void discard(RamDisk disk, long lba, long blocks) {
        disk.store().discard(lba * disk.blockBytes(), blocks * disk.blockBytes());
    }

    private static boolean isZero(ByteBuf pattern) {
        return pattern.forEachByte(b -> b == 0) < 0;
    }

    static ByteBuf lbaStatus(ScsiCommand command, RamDisk disk) throws CheckCondition {
        long lba = Cdbs.lba(command);
        if (lba < 0 || lba >= disk.blocks()) {
            throw new CheckCondition(CheckCondition.ILLEGAL_REQUEST, AdditionalSense.LBA_OUT_OF_RANGE);
        }
        int pageBlocks = RamStore.PAGE_BYTES / disk.blockBytes();
        long end = Math.min(disk.blocks(), lba + (long) MAX_STATUS_PAGES * pageBlocks);
        ByteBuf out = Unpooled.buffer(64).writeInt(0).writeInt(0);
        long at = lba;
        for (int n = 0; n < MAX_STATUS_DESCRIPTORS && at < end; n++) {
            boolean allocated = disk.store().isAllocated(at * disk.blockBytes());
            long next = at;
            do {
                next = (next / pageBlocks + 1) * pageBlocks;
            } while (next < end && disk.store().isAllocated(next * disk.blockBytes()) == allocated);
            next = Math.min(next, disk.blocks());
            out.writeLong(at).writeInt((int) (next - at));
            out.writeByte(allocated ? 0 : 1).writeMedium(0);
            at = next;
        }
        return out.setInt(0, out.writerIndex() - 4);
    }
}
