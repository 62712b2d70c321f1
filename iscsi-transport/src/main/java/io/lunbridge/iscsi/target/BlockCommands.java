package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.scsi.AdditionalSense;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** READ, WRITE, VERIFY and what else names a run of blocks (SBC-3 5). */
final class BlockCommands {

    private static final int PROTECT = 0xe0;

    private BlockCommands() {}

    static Work read(ScsiCommand command, RamDisk disk) throws CheckCondition {
        checkTransfer(command, disk);
        int blockBytes = disk.blockBytes();
        return new Work.Read(disk.store(), Cdbs.lba(command) * blockBytes, Cdbs.blocks(command) * blockBytes);
    }

    static Work write(ScsiCommand command, RamDisk disk) throws CheckCondition {
        checkTransfer(command, disk);
        int blockBytes = disk.blockBytes();
        long lengthBytes = Cdbs.blocks(command) * blockBytes;
        return new Work.Receive(new BlockSink(disk.store(), Cdbs.lba(command) * blockBytes, lengthBytes));
    }

    /** Compares with the data that comes, or with nothing if BYTCHK is 0. */
    static Work verify(ScsiCommand command, RamDisk disk) throws CheckCondition {
        checkTransfer(command, disk);
        int byteCheck = command.cdbByte(1) >> 1 & 3;
        if (byteCheck == 0) {
            return Work.Done.GOOD;
        }
        if (byteCheck != 1) {
            throw CheckCondition.invalidField();
        }
        long offsetBytes = Cdbs.lba(command) * disk.blockBytes();
        int lengthBytes = (int) Cdbs.blocks(command) * disk.blockBytes();
        return new Work.Receive(ParameterSink.upTo(lengthBytes, data -> compare(disk, offsetBytes, data)));
    }

    /** The data is what must be there, then what is to be there. */
    static Work compareAndWrite(ScsiCommand command, RamDisk disk) throws CheckCondition {
        int blocks = command.cdbByte(13);
        long lba = Cdbs.lba(command);
        if (Cdbs.bit(command, 1, PROTECT)) {
            throw CheckCondition.invalidField();
        }
        checkRange(lba, blocks, disk);
        int lengthBytes = blocks * disk.blockBytes();
        long offsetBytes = lba * disk.blockBytes();
        return new Work.Receive(ParameterSink.exactly(2 * lengthBytes, data -> {
            compare(disk, offsetBytes, data.readSlice(lengthBytes));
            if (!disk.store().write(offsetBytes, lengthBytes, data)) {
                throw CheckCondition.outOfSpace();
            }
        }));
    }

    private static void compare(RamDisk disk, long offsetBytes, ByteBuf data) throws CheckCondition {
        ByteBuf stored = Unpooled.buffer(data.readableBytes());
        disk.store().read(offsetBytes, data.readableBytes(), stored);
        if (!ByteBufUtil.equals(stored, data)) {
            throw new CheckCondition(CheckCondition.MISCOMPARE, CheckCondition.MISCOMPARE_DURING_VERIFY);
        }
    }

    /** {@code outcome} if the run lies within the disk: for commands that have nothing to do on memory. */
    static Work inRange(ScsiCommand command, RamDisk disk, Work outcome) throws CheckCondition {
        checkRange(Cdbs.lba(command), Cdbs.blocks(command), disk);
        return outcome;
    }

    private static void checkTransfer(ScsiCommand command, RamDisk disk) throws CheckCondition {
        boolean six = Cdbs.operationCode(command) < 0x20;
        if (!six && Cdbs.bit(command, 1, PROTECT)) {
            throw CheckCondition.invalidField();
        }
        checkRange(Cdbs.lba(command), Cdbs.blocks(command), disk);
        if (Cdbs.blocks(command) > Inquiries.MAX_TRANSFER_BYTES / disk.blockBytes()) {
            throw CheckCondition.invalidField();
        }
    }

    /** LBAs are unsigned: a negative one is beyond any disk. */
    static void checkRange(long lba, long blocks, RamDisk disk) throws CheckCondition {
        if (lba < 0 || lba > disk.blocks() || blocks > disk.blocks() - lba) {
            throw new CheckCondition(CheckCondition.ILLEGAL_REQUEST, AdditionalSense.LBA_OUT_OF_RANGE);
        }
    }
}
