package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/**
 * Page B1h (SBC-3 6.6.2).
 *
 * @param rotationRate 0 not reported, 1 does not rotate, above 0400h turns per minute
 */
public record BlockCharacteristics(int rotationRate) {

    private static final int NOT_ROTATING = 1;

    public static BlockCharacteristics decode(ByteBuf page) {
        return new BlockCharacteristics(ParameterData.u16(page, 4));
    }

    /** Whether the medium rotates as far as one knows: as Linux has it, a disk does unless it says that it does not. */
    public boolean rotates() {
        return rotationRate != NOT_ROTATING;
    }
}
