package io.lunbridge.iscsi.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The table as it is delivered. */
class TargetQuirksTest {

    @Test
    void aTargetThatIsNotInTheTableHasNone() {
        TargetQuirks quirks = TargetQuirks.of("iqn.2026-11.org.example:microsoft");

        assertThat(quirks).isEqualTo(TargetQuirks.NONE);
        assertThat(quirks.newIsidAfterFailures()).isZero();
        assertThat(quirks.lunsMove()).isFalse();
        assertThat(quirks.chapAlgorithms())
                .containsExactly(ChapAlgorithm.SHA3_256, ChapAlgorithm.SHA_256, ChapAlgorithm.SHA_1, ChapAlgorithm.MD5);
    }

    @Test
    void eachRowSaysWhatItShall() {
        assertThat(TargetQuirks.of("iqn.1991-05.com.microsoft:server-disk-target"))
                .isEqualTo(new TargetQuirks(3, false, TargetQuirks.NONE.chapAlgorithms()));
        assertThat(TargetQuirks.of("iqn.2001-05.com.equallogic:0-8a0906-x").lunsMove())
                .isTrue();
        assertThat(TargetQuirks.of("iqn.2006-08.com.huawei:oceanstor:1").lunsMove())
                .isTrue();
        assertThat(TargetQuirks.of("iqn.2006-10.net.vlnb:tgt").chapAlgorithms())
                .isEqualTo(List.of(ChapAlgorithm.SHA3_256, ChapAlgorithm.SHA_1, ChapAlgorithm.MD5));
    }

    @Test
    void aDotInAPatternIsADot() {
        assertThat(TargetQuirks.of("iqn.1991-05xcom.microsoft:t")).isEqualTo(TargetQuirks.NONE);
    }
}
