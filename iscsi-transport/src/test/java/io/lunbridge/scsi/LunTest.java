package io.lunbridge.scsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LunTest {

    @Test
    void numbersBelow256ArePeripheralAndAboveFlat() {
        assertThat(Lun.ofNumber(0).eightBytes()).isZero();
        assertThat(Lun.ofNumber(1).eightBytes()).isEqualTo(0x0001_0000_0000_0000L);
        assertThat(Lun.ofNumber(255).eightBytes()).isEqualTo(0x00ff_0000_0000_0000L);
        assertThat(Lun.ofNumber(256).eightBytes()).isEqualTo(0x4100_0000_0000_0000L);
        assertThat(Lun.ofNumber(16383).eightBytes()).isEqualTo(0x7fff_0000_0000_0000L);
        assertThatIllegalArgumentException().isThrownBy(() -> Lun.ofNumber(16384));
        assertThatIllegalArgumentException().isThrownBy(() -> Lun.ofNumber(-1));
    }

    @Test
    void aFlatLunFromTheTargetKeepsItsBytes() {
        Lun flat = new Lun(0x4005_0000_0000_0000L);
        assertThat(flat.number()).isEqualTo(5);
        assertThat(flat).isNotEqualTo(Lun.ofNumber(5)).hasToString("5");
    }

    @Test
    void whatHasNoPlainNumberIsShownWhole() {
        assertThat(Lun.WELL_KNOWN_REPORT_LUNS).hasToString("0xc101000000000000");
        assertThat(new Lun(0x0001_0002_0000_0000L).number()).isEqualTo(-1);
        assertThat(new Lun(5).number()).isEqualTo(-1);
    }
}
