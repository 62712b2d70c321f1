package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Understands SCSI commands: checks what the CDB asks for and says what is to be done (SPC-4, SBC-3). */
final class DiskCommands {

    private static final int INQUIRY = 0x12;
    private static final int REPORT_LUNS = 0xa0;
    private static final int REQUEST_SENSE = 0x03;
    private static final int EVPD = 0x01;
    private static final int DISABLE_BLOCK_DESCRIPTORS = 0x08;
    private static final int LEAST_REPORT_LUNS_BYTES = 16;

    private final List<RamDisk> disks;

    DiskCommands(List<RamDisk> disks) {
        this.disks = disks;
    }

    /** The disk behind a LUN, or null. */
    @Nullable
    RamDisk disk(long lunBytes) {
        int number = new Lun(lunBytes).number();
        return number >= 0 && number < disks.size() ? disks.get(number) : null;
    }

    /** Whether a command is executed although a unit attention is pending (SPC-4 5.14). */
    static boolean passesUnitAttention(ScsiCommand command) {
        int code = Cdbs.operationCode(command);
        return code == INQUIRY || code == REPORT_LUNS || code == REQUEST_SENSE;
    }

    Work start(ScsiCommand command) throws CheckCondition {
        RamDisk disk = disk(command.lun());
        return switch (Cdbs.operationCode(command)) {
            case INQUIRY -> inquiry(command, disk);
            case REPORT_LUNS -> reportLuns(command);
            default -> {
                if (disk == null) {
                    throw new CheckCondition(
                            CheckCondition.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED);
                }
                yield startOn(command, disk);
            }
        };
    }

    private static Work startOn(ScsiCommand command, RamDisk disk) throws CheckCondition {
        return switch (Cdbs.operationCode(command)) {
            case 0x00, 0x1b -> Work.Done.GOOD;
            case REQUEST_SENSE -> requestSense(command);
            case 0x1a, 0x5a -> modeSense(command, disk);
            case 0x25 -> readCapacity10(disk);
            case 0x9e -> serviceActionIn(command, disk);
            case 0x08, 0x28, 0xa8, 0x88 -> BlockCommands.read(command, disk);
            case 0x0a, 0x2a, 0xaa, 0x8a -> BlockCommands.write(command, disk);
            case 0x2f, 0xaf, 0x8f -> BlockCommands.verify(command, disk);
            case 0x89 -> BlockCommands.compareAndWrite(command, disk);
            case 0x34, 0x90 -> BlockCommands.inRange(command, disk, new Work.Done(ScsiStatus.CONDITION_MET));
            case 0x35, 0x91 -> BlockCommands.inRange(command, disk, Work.Done.GOOD);
            case 0x41, 0x93 -> ProvisioningCommands.writeSame(command, disk);
            case 0x42 -> ProvisioningCommands.unmap(command, disk);
            default -> throw new CheckCondition(CheckCondition.ILLEGAL_REQUEST, AdditionalSense.INVALID_OPERATION_CODE);
        };
    }

    private static Work inquiry(ScsiCommand command, @Nullable RamDisk disk) throws CheckCondition {
        boolean vital = Cdbs.bit(command, 1, EVPD);
        int page = command.cdbByte(2);
        if (!vital && page != 0) {
            throw CheckCondition.invalidField();
        }
        if (vital && disk == null) {
            throw new CheckCondition(CheckCondition.ILLEGAL_REQUEST, AdditionalSense.LOGICAL_UNIT_NOT_SUPPORTED);
        }
        ByteBuf data = vital && disk != null ? Inquiries.page(page, disk) : Inquiries.standard(disk != null);
        return reply(data, Cdbs.u16(command, 3));
    }

    private Work reportLuns(ScsiCommand command) throws CheckCondition {
        long allocationBytes = Cdbs.u32(command, 6);
        int select = command.cdbByte(2);
        if (allocationBytes < LEAST_REPORT_LUNS_BYTES || select > 2) {
            throw CheckCondition.invalidField();
        }
        int count = select == 1 ? 0 : disks.size();
        ByteBuf out = Unpooled.buffer(8 + 8 * count).writeInt(8 * count).writeInt(0);
        for (int number = 0; number < count; number++) {
            out.writeLong(Lun.ofNumber(number).eightBytes());
        }
        return reply(out, allocationBytes);
    }

    private static Work requestSense(ScsiCommand command) throws CheckCondition {
        if (Cdbs.bit(command, 1, 0x01)) {
            throw CheckCondition.invalidField();
        }
        ByteBuf out = Unpooled.buffer(18);
        CheckCondition.writeFixed(out, 0, 0);
        return reply(out, command.cdbByte(4));
    }

    private static Work modeSense(ScsiCommand command, RamDisk disk) throws CheckCondition {
        boolean ten = Cdbs.operationCode(command) == 0x5a;
        boolean descriptor = !Cdbs.bit(command, 1, DISABLE_BLOCK_DESCRIPTORS);
        ByteBuf data = ModePages.sense(command.cdbByte(2), command.cdbByte(3), descriptor, ten, disk);
        return reply(data, ten ? Cdbs.u16(command, 7) : command.cdbByte(4));
    }

    private static Work readCapacity10(RamDisk disk) {
        long last = Math.min(disk.blocks() - 1, 0xffff_ffffL);
        return new Work.Reply(Unpooled.buffer(8).writeInt((int) last).writeInt(disk.blockBytes()));
    }

    private static Work serviceActionIn(ScsiCommand command, RamDisk disk) throws CheckCondition {
        long allocationBytes = Cdbs.u32(command, 10);
        return switch (command.cdbByte(1) & 0x1f) {
            case 0x10 -> {
                int exponent = Integer.numberOfTrailingZeros(RamStore.PAGE_BYTES / disk.blockBytes());
                ByteBuf out = Unpooled.buffer(32).writeLong(disk.blocks() - 1).writeInt(disk.blockBytes());
                out.writeByte(0).writeByte(exponent).writeByte(0xc0);
                yield reply(out.writeZero(32 - out.writerIndex()), allocationBytes);
            }
            case 0x12 -> reply(ProvisioningCommands.lbaStatus(command, disk), allocationBytes);
            default -> throw CheckCondition.invalidField();
        };
    }

    private static Work reply(ByteBuf data, long allocationBytes) {
        return new Work.Reply(data.writerIndex((int) Math.min(data.writerIndex(), allocationBytes)));
    }
}
