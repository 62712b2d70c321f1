package io.lunbridge.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Decoders of parameter data: whole answers, and answers cut short. */
class ParameterDataTest {

    @Test
    void inquiry() {
        ByteBuf data = bytes("00000502 1f000002" + ascii("IET     ") + ascii("VIRTUAL-DISK    ") + ascii("0001"));
        Inquiry inquiry = Inquiry.decode(data);
        assertThat(inquiry).isEqualTo(new Inquiry(0, Inquiry.DIRECT_ACCESS, "IET", "VIRTUAL-DISK", "0001"));
        assertThat(inquiry.unitPresent()).isTrue();
        assertThat(Inquiry.decode(bytes("7f")).unitPresent()).isFalse();
        assertThat(Inquiry.decode(bytes("20")).unitPresent()).isFalse();
        assertThat(Inquiry.decode(data.slice(0, 12)).vendor()).isEqualTo("IET");
    }

    @Test
    void vitalProductData() {
        assertThat(VpdPage.supportedPages(bytes("00000003 0083b0"))).containsExactly(0x00, 0x83, 0xb0);
        assertThat(VpdPage.unitSerialNumber(bytes("00800008" + ascii("  beaf11"))))
                .isEqualTo("beaf11");
        assertThat(VpdPage.is(VpdPage.BLOCK_LIMITS, bytes("00b0003c"))).isTrue();
        assertThat(VpdPage.is(VpdPage.BLOCK_LIMITS, bytes("00000502"))).isFalse();
    }

    @Test
    void designators() {
        String naa = "01030008 3000000100000001";
        String t10 = "0201000b" + ascii("IET 0001beaf".substring(0, 11));
        String port = "01140004 00000001";
        ByteBuf page = bytes("00830023" + naa + t10 + port + "01030008 30");
        assertThat(Designator.decodePage(page))
                .containsExactly(
                        new Designator(Designator.NAA, Designator.OF_LOGICAL_UNIT, "3000000100000001"),
                        new Designator(Designator.T10_VENDOR_ID, Designator.OF_LOGICAL_UNIT, "IET 0001bea"),
                        new Designator(4, 1, "00000001"));
    }

    @Test
    void blockLimits() {
        ByteBuf page = bytes("00b0003c 00000008 00010000 00000800 00000400"
                + "ffffffff 00000100 00000020 80000003 0000000000020000" + "00".repeat(20));
        assertThat(BlockLimits.decode(page))
                .isEqualTo(new BlockLimits(
                        new BlockLimits.Transfer(8, 0x10000, 0x800),
                        0x400,
                        new BlockLimits.Unmap(0xffff_ffffL, 0x100, 0x20, 3),
                        0x20000));
        assertThat(BlockLimits.decode(page.slice(0, 16)).unmap()).isEqualTo(new BlockLimits.Unmap(0, 0, 0, 0));
    }

    @Test
    void characteristicsAndProvisioning() {
        assertThat(BlockCharacteristics.decode(bytes("00b1003c 0001")).rotates())
                .isFalse();
        assertThat(BlockCharacteristics.decode(bytes("00b1003c 1c20")).rotates())
                .isTrue();
        assertThat(BlockCharacteristics.decode(bytes("00b1003c")).rotates()).isTrue();
        assertThat(Provisioning.decode(bytes("00b20004 00e40200")))
                .isEqualTo(new Provisioning(true, true, true, true, true));
        assertThat(Provisioning.decode(bytes("00b20004 00080100"))).isEqualTo(Provisioning.NONE);
    }

    @Test
    void capacity() {
        Capacity ten = Capacity.decode10(bytes("000fffff 00000200"));
        assertThat(ten).isEqualTo(new Capacity(0xfffff, 512, 0, false, false));
        assertThat(Capacity.decode10(bytes("ffffffff 00000200")).exceeds10()).isTrue();
        ByteBuf sixteen = bytes("00000001ffffffff 00001000 00 03 c000" + "00".repeat(16));
        assertThat(Capacity.decode16(sixteen)).isEqualTo(new Capacity(0x1_ffff_ffffL, 4096, 3, true, true));
    }

    @Test
    void modeParameters() {
        String caching = "0812 04" + "00".repeat(17);
        assertThat(ModeParameters.decode6(bytes("17009000" + caching))).isEqualTo(new ModeParameters(true, true, true));
        assertThat(ModeParameters.decode10(bytes("001a0010 00000000" + caching.replace(" 04", " 00"))))
                .isEqualTo(new ModeParameters(false, true, false));
        String control = "0a0a" + "00".repeat(10);
        assertThat(ModeParameters.decode6(bytes("2b000008" + "00".repeat(8) + control + caching.replace(" 04", " 00"))))
                .isEqualTo(new ModeParameters(false, false, false));
        assertThat(ModeParameters.decode6(bytes("03000000")).writeCache()).isTrue();
    }

    @Test
    void lbaStatus() {
        String mapped = "0000000000000000 00000010 00 000000";
        String hole = "0000000000000010 ffffffff 01 000000";
        ByteBuf data = bytes("00000024 00000000" + mapped + hole);
        assertThat(LbaStatus.decode(data))
                .containsExactly(
                        new LbaStatus(0, 16, LbaStatus.MAPPED), new LbaStatus(16, 0xffff_ffffL, LbaStatus.DEALLOCATED));
        assertThat(LbaStatus.decode(data.slice(0, 30))).hasSize(1);
        assertThat(LbaStatus.decode(data.slice(0, 7))).isEmpty();
    }

    @Test
    void lunList() {
        LunList list = LunList.decode(bytes("00000010 00000000 0000000000000000 4005000000000000"));
        assertThat(list.luns()).containsExactly(Lun.ofNumber(0), new Lun(0x4005_0000_0000_0000L));
        assertThat(LunList.decode(bytes("00010000 00000000 0001000000000000")))
                .isEqualTo(new LunList(List.of(Lun.ofNumber(1)), 0x10008));
    }

    @Test
    void unmapList() {
        ByteBuf list = Unpooled.buffer();
        UnmapList.header(list, 2);
        UnmapList.descriptor(list, 1, 0xffff_ffffL);
        UnmapList.descriptor(list, 0x1_0000_0000L, 8);
        String expected = "0026002000000000" + "0000000000000001ffffffff00000000" + "00000001000000000000000800000000";
        assertThat(ByteBufUtil.hexDump(list)).isEqualTo(expected);
        assertThat(list.readableBytes()).isEqualTo(UnmapList.bytes(2));
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
