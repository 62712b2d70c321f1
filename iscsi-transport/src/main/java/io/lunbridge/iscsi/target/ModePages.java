package io.lunbridge.iscsi.target;

import io.lunbridge.scsi.ModeParameters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The answer to MODE SENSE (SPC-4 7.5, SBC-3 6.5): a caching page with the write cache on, and a control page. */
final class ModePages {

    private static final int CONTROL_PAGE = 0x0a;
    private static final int ALL_SUBPAGES = 0xff;
    private static final int DPO_AND_FUA = 0x10;
    private static final int WRITE_CACHE_ENABLED = 0x04;
    private static final int CHANGEABLE = 1;
    private static final int SAVED = 3;

    private ModePages() {}

    /**
     * Parameter data.
     *
     * @param pageControlAndCode byte 2 of the CDB
     * @param descriptor whether to include the block descriptor
     * @param ten whether it is MODE SENSE (10)
     */
    static ByteBuf sense(int pageControlAndCode, int subpage, boolean descriptor, boolean ten, RamDisk disk)
            throws CheckCondition {
        int control = pageControlAndCode >> 6;
        int code = pageControlAndCode & 0x3f;
        if (control == SAVED) {
            throw new CheckCondition(CheckCondition.ILLEGAL_REQUEST, CheckCondition.SAVING_NOT_SUPPORTED);
        }
        boolean all = code == ModeParameters.ALL_PAGES;
        boolean known = all || code == ModeParameters.CACHING_PAGE || code == CONTROL_PAGE;
        if (!known || (subpage != 0 && !(all && subpage == ALL_SUBPAGES))) {
            throw CheckCondition.invalidField();
        }
        ByteBuf out = Unpooled.buffer(64);
        header(out, descriptor, ten, disk);
        if (all || code == ModeParameters.CACHING_PAGE) {
            out.writeByte(ModeParameters.CACHING_PAGE).writeByte(18);
            out.writeByte(control == CHANGEABLE ? 0 : WRITE_CACHE_ENABLED).writeZero(17);
        }
        if (all || code == CONTROL_PAGE) {
            out.writeByte(CONTROL_PAGE).writeByte(10).writeZero(10);
        }
        return ten ? out.setShort(0, out.writerIndex() - 2) : out.setByte(0, out.writerIndex() - 1);
    }

    private static void header(ByteBuf out, boolean descriptor, boolean ten, RamDisk disk) {
        int descriptorBytes = descriptor ? 8 : 0;
        if (ten) {
            out.writeShort(0).writeByte(0).writeByte(DPO_AND_FUA).writeShort(0).writeShort(descriptorBytes);
        } else {
            out.writeByte(0).writeByte(0).writeByte(DPO_AND_FUA).writeByte(descriptorBytes);
        }
        if (descriptor) {
            out.writeInt((int) Math.min(disk.blocks(), 0xffff_ffffL)).writeInt(disk.blockBytes());
        }
    }
}
