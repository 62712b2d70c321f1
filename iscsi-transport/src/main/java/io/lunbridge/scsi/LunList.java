package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * REPORT LUNS parameter data (SPC-4 6.33).
 *
 * @param luns those that were in the answer
 * @param neededBytes allocation length that the whole list needs
 */
public record LunList(List<Lun> luns, long neededBytes) {

    private static final int HEADER_BYTES = 8;
    private static final int LUN_BYTES = 8;

    public static LunList decode(ByteBuf data) {
        long needed = HEADER_BYTES + ParameterData.u32(data, 0);
        long end = Math.min(needed, data.readableBytes());
        List<Lun> luns = new ArrayList<>();
        for (int at = HEADER_BYTES; at + LUN_BYTES <= end; at += LUN_BYTES) {
            luns.add(new Lun(ParameterData.u64(data, at)));
        }
        return new LunList(List.copyOf(luns), needed);
    }
}
