package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;

/**
 * What MODE SENSE of the caching page tells (SPC-4 7.5, SBC-3 6.5.2 and 6.5.5).
 *
 * @param writeProtected WP
 * @param forceUnitAccess the unit honours FUA (DPOFUA)
 * @param writeCache WCE; true also where the page is missing: flushing too much loses nothing
 */
public record ModeParameters(boolean writeProtected, boolean forceUnitAccess, boolean writeCache) {

    public static final int CACHING_PAGE = 0x08;
    public static final int ALL_PAGES = 0x3f;

    /** Fits the one-byte length of MODE SENSE (6) too. */
    public static final int ALLOCATION_BYTES = 0xc0;

    private static final int HEADER_BYTES_6 = 4;
    private static final int HEADER_BYTES_10 = 8;
    private static final int SUBPAGE_FORMAT = 0x40;

    public static ModeParameters decode6(ByteBuf data) {
        int pages = HEADER_BYTES_6 + ParameterData.u8(data, 3);
        int end = Math.min(data.readableBytes(), ParameterData.u8(data, 0) + 1);
        return decode(data, ParameterData.u8(data, 2), pages, end);
    }

    public static ModeParameters decode10(ByteBuf data) {
        int pages = HEADER_BYTES_10 + ParameterData.u16(data, 6);
        int end = Math.min(data.readableBytes(), ParameterData.u16(data, 0) + 2);
        return decode(data, ParameterData.u8(data, 3), pages, end);
    }

    public ModeParameters withWriteProtection() {
        return new ModeParameters(true, forceUnitAccess, writeCache);
    }

    private static ModeParameters decode(ByteBuf data, int deviceSpecific, int pages, int end) {
        int caching = findCachingPage(data, pages, end);
        boolean writeCache = caching < 0 || ParameterData.bit(data, caching + 2, 0x04);
        return new ModeParameters((deviceSpecific & 0x80) != 0, (deviceSpecific & 0x10) != 0, writeCache);
    }

    private static int findCachingPage(ByteBuf data, int first, int end) {
        int offset = first;
        while (offset + 3 <= end) {
            int code = ParameterData.u8(data, offset);
            if ((code & 0x3f) == CACHING_PAGE && (code & SUBPAGE_FORMAT) == 0) {
                return offset;
            }
            boolean subpage = (code & SUBPAGE_FORMAT) != 0;
            offset += subpage ? 4 + ParameterData.u16(data, offset + 2) : 2 + ParameterData.u8(data, offset + 1);
        }
        return -1;
    }
}
