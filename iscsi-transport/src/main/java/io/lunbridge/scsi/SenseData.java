package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;
import java.util.Locale;

/**
 * What a CHECK CONDITION was about (SPC-4 4.5).
 *
 * @param additional additional sense code and qualifier in one: {@code ASC << 8 | ASCQ}
 * @param deferred whether it tells of an earlier command's failure; the present one was not executed
 */
public record SenseData(SenseKey key, int additional, boolean deferred) {

    /** What stands in where a target sent no usable sense. */
    public static final SenseData NONE = new SenseData(SenseKey.NO_SENSE, 0, false);

    private static final int FIXED_CURRENT = 0x70;
    private static final int FIXED_DEFERRED = 0x71;
    private static final int DESCRIPTOR_CURRENT = 0x72;
    private static final int DESCRIPTOR_DEFERRED = 0x73;

    /**
     * Decodes fixed or descriptor format; whatever a short answer lacks reads as zero, other formats as {@link #NONE}.
     *
     * @param sense the readable bytes are the sense data; neither moved nor released
     */
    public static SenseData decode(ByteBuf sense) {
        int responseCode = ParameterData.u8(sense, 0) & 0x7f;
        return switch (responseCode) {
            case FIXED_CURRENT, FIXED_DEFERRED ->
                new SenseData(
                        SenseKey.of(ParameterData.u8(sense, 2)),
                        ParameterData.u16(sense, 12),
                        responseCode == FIXED_DEFERRED);
            case DESCRIPTOR_CURRENT, DESCRIPTOR_DEFERRED ->
                new SenseData(
                        SenseKey.of(ParameterData.u8(sense, 1)),
                        ParameterData.u16(sense, 2),
                        responseCode == DESCRIPTOR_DEFERRED);
            default -> NONE;
        };
    }

    public boolean is(SenseKey expectedKey, int expectedAdditional) {
        return key == expectedKey && additional == expectedAdditional;
    }

    /** Additional sense code without its qualifier. */
    public int asc() {
        return additional >>> 8;
    }

    /** For example {@code illegal request 21h/00h}, the way the standard prints it. */
    @Override
    public String toString() {
        String name = key.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return String.format("%s%s %02Xh/%02Xh", deferred ? "deferred " : "", name, asc(), additional & 0xff);
    }
}
