package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;
import java.util.Set;
import java.util.TreeSet;

/** Vital product data pages: their codes, and the header that all of them share (SPC-4 7.8). */
public final class VpdPage {

    public static final int SUPPORTED_PAGES = 0x00;
    public static final int UNIT_SERIAL_NUMBER = 0x80;
    public static final int DEVICE_IDENTIFICATION = 0x83;
    public static final int BLOCK_LIMITS = 0xb0;
    public static final int BLOCK_DEVICE_CHARACTERISTICS = 0xb1;
    public static final int LOGICAL_BLOCK_PROVISIONING = 0xb2;

    /** Larger than any of these pages in practice, and taken by old targets that keep one byte of the length. */
    public static final int ALLOCATION_BYTES = 0xfc;

    static final int HEADER_BYTES = 4;

    private VpdPage() {}

    /** Whether the answer is that page: some targets answer standard INQUIRY data to a page they do not know. */
    public static boolean is(int pageCode, ByteBuf page) {
        return page.readableBytes() >= HEADER_BYTES && ParameterData.u8(page, 1) == pageCode;
    }

    /** The page codes of page 00h. */
    public static Set<Integer> supportedPages(ByteBuf page) {
        ByteBuf codes = body(page);
        Set<Integer> supported = new TreeSet<>();
        for (int i = 0; i < codes.readableBytes(); i++) {
            supported.add(ParameterData.u8(codes, i));
        }
        return supported;
    }

    /** The text of page 80h, stripped of padding. */
    public static String unitSerialNumber(ByteBuf page) {
        ByteBuf text = body(page);
        return ParameterData.ascii(text, 0, text.readableBytes());
    }

    static ByteBuf body(ByteBuf page) {
        return ParameterData.slice(page, HEADER_BYTES, ParameterData.u16(page, 2));
    }
}
