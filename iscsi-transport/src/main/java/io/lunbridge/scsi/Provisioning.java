package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/**
 * Page B2h: the ways to give blocks back (SBC-3 6.6.6).
 *
 * @param unmap UNMAP works (LBPU)
 * @param writeSame16 WRITE SAME (16) with the UNMAP bit works (LBPWS)
 * @param writeSame10 WRITE SAME (10) with the UNMAP bit works (LBPWS10)
 * @param readsZeroes deallocated blocks surely read as zeroes (LBPRZ xx1b)
 * @param thin the unit can promise more blocks than it has
 */
public record Provisioning(boolean unmap, boolean writeSame16, boolean writeSame10, boolean readsZeroes, boolean thin) {

    /** What stands in where a unit has no such page. */
    public static final Provisioning NONE = new Provisioning(false, false, false, false, false);

    private static final int THIN = 2;

    public static Provisioning decode(ByteBuf page) {
        return new Provisioning(
                ParameterData.bit(page, 5, 0x80),
                ParameterData.bit(page, 5, 0x40),
                ParameterData.bit(page, 5, 0x20),
                ParameterData.bit(page, 5, 0x04),
                (ParameterData.u8(page, 6) & 0x07) == THIN);
    }
}
