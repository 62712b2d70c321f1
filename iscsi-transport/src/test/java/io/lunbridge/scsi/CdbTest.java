package io.lunbridge.scsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Golden bytes, written down from the tables of SPC-4 clause 6 and SBC-3 clause 5. */
class CdbTest {

    private static final long LBA = 0x0102_0304_0506_0708L;

    private final Cdb cdb = new Cdb();

    @Test
    void primaryCommands() {
        expect("00", cdb.testUnitReady());
        expect("120000006000", cdb.inquiry(96));
        expect("12018300fc00", cdb.inquiryVpd(VpdPage.DEVICE_IDENTIFICATION, 252));
        expect("a00000000000 00000200 0000".replace(" ", ""), cdb.reportLuns(512));
        expect("1a0808 00c0 00".replace(" ", ""), cdb.modeSense6(ModeParameters.CACHING_PAGE, 192));
        expect("5a0808 00000000 00c0 00".replace(" ", ""), cdb.modeSense10(ModeParameters.CACHING_PAGE, 192));
    }

    @Test
    void capacity() {
        expect("25", cdb.readCapacity10());
        expect("9e10 0000000000000000 00000020 00 00".replace(" ", ""), cdb.readCapacity16(32));
        expect("9e12 0102030405060708 00000208 00 00".replace(" ", ""), cdb.getLbaStatus(LBA, 520));
    }

    @Test
    void readAndWrite() {
        expect("2800 fffffffe 00 0008 00".replace(" ", ""), cdb.read10(0xffff_fffeL, 8, false));
        expect("8800 0102030405060708 00000008 0000".replace(" ", ""), cdb.read16(LBA, 8, false));
        expect("8808 0102030405060708 00000008 0000".replace(" ", ""), cdb.read16(LBA, 8, true));
        expect("2a08 00000001 00 ffff 00".replace(" ", ""), cdb.write10(1, 65535, true));
        expect("8a08 0102030405060708 ffffffff 0000".replace(" ", ""), cdb.write16(LBA, -1, true));
    }

    @Test
    void cacheCommands() {
        expect("35", cdb.synchronizeCache10());
        expect("91", cdb.synchronizeCache16());
        expect("3402 00000001 00 0010 00".replace(" ", ""), cdb.preFetch10(1, 16));
        expect("9002 0102030405060708 00000010 0000".replace(" ", ""), cdb.preFetch16(LBA, 16));
    }

    @Test
    void deallocation() {
        expect("42 00 0000000000 0018 00".replace(" ", ""), cdb.unmap(UnmapList.bytes(1)));
        expect("4108 00000001 00 0010 00".replace(" ", ""), cdb.writeSame10(1, 16, true));
        expect("9308 0102030405060708 00000010 0000".replace(" ", ""), cdb.writeSame16(LBA, 16, true, false));
        expect("9301 0102030405060708 00000010 0000".replace(" ", ""), cdb.writeSame16(LBA, 16, false, true));
    }

    @Test
    void refusesWhatDoesNotFitInsteadOfCuttingIt() {
        assertThatIllegalArgumentException().isThrownBy(() -> cdb.read10(0x1_0000_0000L, 1, false));
        assertThatIllegalArgumentException().isThrownBy(() -> cdb.write10(0, 65536, false));
    }

    /** The rest of the area is zero, whatever was in it before. */
    private static void expect(String hex, Cdb actual) {
        assertThat(HexFormat.of().formatHex(actual.bytes())).isEqualTo(hex + "0".repeat(32 - hex.length()));
    }
}
