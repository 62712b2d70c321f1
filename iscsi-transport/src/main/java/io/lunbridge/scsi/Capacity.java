package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/**
 * READ CAPACITY parameter data (SBC-3 5.15 and 5.16).
 *
 * @param lastLba unsigned
 * @param blockBytes as the unit says it, unchecked
 * @param physicalExponent a physical block is {@code 2^this} logical blocks
 * @param managesProvisioning blocks may be without storage (LBPME)
 * @param readsZeroes blocks without storage read as zeroes (LBPRZ)
 */
public record Capacity(
        long lastLba, long blockBytes, int physicalExponent, boolean managesProvisioning, boolean readsZeroes) {

    public static final int ALLOCATION_BYTES_10 = 8;
    public static final int ALLOCATION_BYTES_16 = 32;

    private static final long TOO_LARGE_FOR_10 = 0xffff_ffffL;

    public static Capacity decode10(ByteBuf data) {
        return new Capacity(ParameterData.u32(data, 0), ParameterData.u32(data, 4), 0, false, false);
    }

    public static Capacity decode16(ByteBuf data) {
        return new Capacity(
                ParameterData.u64(data, 0),
                ParameterData.u32(data, 8),
                ParameterData.u8(data, 13) & 0x0f,
                ParameterData.bit(data, 14, 0x80),
                ParameterData.bit(data, 14, 0x40));
    }

    /** Whether READ CAPACITY (10) could not hold the answer, so that the 16-byte one must be asked. */
    public boolean exceeds10() {
        return lastLba == TOO_LARGE_FOR_10;
    }
}
