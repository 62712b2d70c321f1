package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/**
 * Standard INQUIRY data (SPC-4 6.4.2).
 *
 * @param peripheralQualifier 0: a unit is there; 1: none now; 3: there cannot be one
 * @param deviceType {@link #DIRECT_ACCESS} or another peripheral device type
 * @param vendor stripped of padding; so are {@code product} and {@code revision}
 */
public record Inquiry(int peripheralQualifier, int deviceType, String vendor, String product, String revision) {

    /** Enough for every field that is decoded here. */
    public static final int ALLOCATION_BYTES = 96;

    public static final int CONNECTED = 0;
    public static final int DIRECT_ACCESS = 0x00;
    private static final int NO_DEVICE_TYPE = 0x1f;

    public static Inquiry decode(ByteBuf data) {
        int first = ParameterData.u8(data, 0);
        return new Inquiry(
                first >>> 5,
                first & 0x1f,
                ParameterData.ascii(data, 8, 8),
                ParameterData.ascii(data, 16, 16),
                ParameterData.ascii(data, 32, 4));
    }

    /** Whether a logical unit answers behind this LUN at all. */
    public boolean unitPresent() {
        return peripheralQualifier == CONNECTED && deviceType != NO_DEVICE_TYPE;
    }
}
