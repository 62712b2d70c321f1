package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/**
 * Page B1h (SBC-3 6.6.2).
 *
 * @param rotationRate 0 not reported, 1 does not rotate, above 0400h turns per minute
 */
public record BlockCharacteristics(int rotationRate) {

    private static final int LOWEST_RATE = 0x0401;
    private static final int RESERVED_RATE = 0xffff;

    public static BlockCharacteristics decode(ByteBuf page) {
        return new BlockCharacteristics(ParameterData.u16(page, 4));
    }

    public boolean rotates() {
        return rotationRate >= LOWEST_RATE && rotationRate < RESERVED_RATE;
    }
}
