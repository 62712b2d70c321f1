package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of blocks of one allocation state, of GET LBA STATUS (SBC-3 5.5).
 *
 * @param blocks unsigned 32-bit
 * @param provisioning {@link #MAPPED}, {@link #DEALLOCATED}, {@link #ANCHORED} or a later standard's value
 */
public record LbaStatus(long lba, long blocks, int provisioning) {

    public static final int MAPPED = 0;
    public static final int DEALLOCATED = 1;
    public static final int ANCHORED = 2;

    private static final int HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;

    /** Room for that many descriptors. */
    public static int allocationBytes(int descriptors) {
        return HEADER_BYTES + descriptors * DESCRIPTOR_BYTES;
    }

    /** The descriptors that are whole, in the target's order. */
    public static List<LbaStatus> decode(ByteBuf data) {
        long claimed = ParameterData.u32(data, 0) + 4;
        int end = (int) Math.min(claimed, data.readableBytes());
        List<LbaStatus> runs = new ArrayList<>();
        for (int at = HEADER_BYTES; at + DESCRIPTOR_BYTES <= end; at += DESCRIPTOR_BYTES) {
            runs.add(new LbaStatus(
                    ParameterData.u64(data, at),
                    ParameterData.u32(data, at + 8),
                    ParameterData.u8(data, at + 12) & 0x0f));
        }
        return runs;
    }
}
