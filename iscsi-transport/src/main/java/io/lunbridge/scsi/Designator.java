package io.lunbridge.scsi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One name of a logical unit, of page 83h (SPC-4 7.8.5).
 *
 * @param type 0 vendor, 1 T10 vendor ID, 2 EUI-64, 3 NAA, 8 SCSI name string
 * @param association 0: of the logical unit; others name ports and targets
 * @param value text where the code set is text, else lower-case hexadecimal digits
 */
public record Designator(int type, int association, String value) {

    public static final int T10_VENDOR_ID = 1;
    public static final int EUI_64 = 2;
    public static final int NAA = 3;
    public static final int SCSI_NAME = 8;
    public static final int OF_LOGICAL_UNIT = 0;

    private static final int HEADER_BYTES = 4;
    private static final int BINARY = 1;

    /** All designators of the page that are whole. */
    public static List<Designator> decodePage(ByteBuf page) {
        ByteBuf rest = VpdPage.body(page);
        List<Designator> designators = new ArrayList<>();
        int offset = 0;
        while (offset + HEADER_BYTES <= rest.readableBytes()) {
            int length = ParameterData.u8(rest, offset + 3);
            if (offset + HEADER_BYTES + length > rest.readableBytes()) {
                break;
            }
            designators.add(decode(rest, offset, length));
            offset += HEADER_BYTES + length;
        }
        return List.copyOf(designators);
    }

    private static Designator decode(ByteBuf list, int offset, int length) {
        ByteBuf value = ParameterData.slice(list, offset + HEADER_BYTES, length);
        boolean binary = (ParameterData.u8(list, offset) & 0x0f) == BINARY;
        int kind = ParameterData.u8(list, offset + 1);
        return new Designator(kind & 0x0f, kind >>> 4 & 0x03, binary ? ByteBufUtil.hexDump(value) : text(value));
    }

    private static String text(ByteBuf value) {
        return value.toString(StandardCharsets.UTF_8).replace('\0', ' ').strip();
    }
}
