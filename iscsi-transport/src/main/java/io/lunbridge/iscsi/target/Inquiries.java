package io.lunbridge.iscsi.target;

import io.lunbridge.scsi.VpdPage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** The answers to INQUIRY (SPC-4 6.4 and 7.8, SBC-3 6.6). */
final class Inquiries {

    static final int MAX_TRANSFER_BYTES = 16 << 20;
    static final int MAX_UNMAP_DESCRIPTORS = 256;
    static final int MAX_UNMAP_BLOCKS = 1 << 20;
    static final int MAX_COMPARE_AND_WRITE_BLOCKS = 255;
    static final int MAX_WRITE_SAME_BYTES = MAX_TRANSFER_BYTES;

    private static final String VENDOR = "LUNBRIDG";
    private static final int NO_UNIT = 0x7f;
    private static final int[] PAGES = {
        VpdPage.SUPPORTED_PAGES,
        VpdPage.UNIT_SERIAL_NUMBER,
        VpdPage.DEVICE_IDENTIFICATION,
        VpdPage.BLOCK_LIMITS,
        VpdPage.BLOCK_DEVICE_CHARACTERISTICS,
        VpdPage.LOGICAL_BLOCK_PROVISIONING
    };
    /** SAM-5, iSCSI, SPC-4, SBC-3. */
    private static final int[] VERSION_DESCRIPTORS = {0x00a0, 0x0960, 0x0460, 0x04c0};

    private Inquiries() {}

    /** Standard data; {@code present} is false for a LUN behind which there is nothing. */
    static ByteBuf standard(boolean present) {
        ByteBuf out = Unpooled.buffer(96);
        out.writeByte(present ? 0 : NO_UNIT).writeByte(0).writeByte(6).writeByte(0x12);
        out.writeByte(96 - 5).writeByte(0).writeByte(0).writeByte(0x02);
        text(out, VENDOR, 8);
        text(out, "RAM disk", 16);
        text(out, "1", 4);
        out.writeZero(58 - 36);
        for (int version : VERSION_DESCRIPTORS) {
            out.writeShort(version);
        }
        return out.writeZero(96 - out.writerIndex());
    }

    static ByteBuf page(int code, RamDisk disk) throws CheckCondition {
        ByteBuf out = Unpooled.buffer(96).writeByte(0).writeByte(code).writeShort(0);
        switch (code) {
            case VpdPage.SUPPORTED_PAGES -> supportedPages(out);
            case VpdPage.UNIT_SERIAL_NUMBER -> ByteBufUtil.writeAscii(out, disk.serialNumber());
            case VpdPage.DEVICE_IDENTIFICATION -> deviceIdentification(out, disk);
            case VpdPage.BLOCK_LIMITS -> blockLimits(out, disk.blockBytes());
            case VpdPage.BLOCK_DEVICE_CHARACTERISTICS -> out.writeShort(1).writeZero(58);
            case VpdPage.LOGICAL_BLOCK_PROVISIONING ->
                out.writeByte(0).writeByte(0xe4).writeByte(2).writeByte(0);
            default -> throw CheckCondition.invalidField();
        }
        return out.setShort(2, out.writerIndex() - 4);
    }

    private static void supportedPages(ByteBuf out) {
        for (int code : PAGES) {
            out.writeByte(code);
        }
    }

    /** A T10 vendor designator and a locally assigned NAA one, both of the logical unit. */
    private static void deviceIdentification(ByteBuf out, RamDisk disk) {
        out.writeByte(0x02).writeByte(0x01).writeByte(0).writeByte(24);
        text(out, VENDOR, 8);
        text(out, disk.serialNumber(), 16);
        out.writeByte(0x01).writeByte(0x03).writeByte(0).writeByte(8).writeLong(disk.naa());
    }

    private static void blockLimits(ByteBuf out, int blockBytes) {
        int granuleBlocks = RamStore.PAGE_BYTES / blockBytes;
        out.writeByte(1).writeByte(MAX_COMPARE_AND_WRITE_BLOCKS).writeShort(granuleBlocks);
        out.writeInt(MAX_TRANSFER_BYTES / blockBytes)
                .writeInt((1 << 20) / blockBytes)
                .writeInt(0);
        out.writeInt(MAX_UNMAP_BLOCKS).writeInt(MAX_UNMAP_DESCRIPTORS);
        out.writeInt(granuleBlocks).writeInt(0x8000_0000);
        out.writeLong(MAX_WRITE_SAME_BYTES / blockBytes).writeZero(20);
    }

    private static void text(ByteBuf out, String text, int lengthBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int n = Math.min(bytes.length, lengthBytes);
        out.writeBytes(bytes, 0, n);
        for (int i = n; i < lengthBytes; i++) {
            out.writeByte(' ');
        }
    }
}
