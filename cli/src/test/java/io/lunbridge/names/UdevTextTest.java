package io.lunbridge.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What names must not hold, is replaced as udev replaces it. */
class UdevTextTest {

    @Test
    void blanksBecomeOneUnderscoreAndNoneAtTheEnds() {
        assertThat(UdevText.name("  a \t b  ")).isEqualTo("a_b");
        assertThat(UdevText.name(" ")).isEmpty();
    }

    @Test
    void whatANameMustNotHoldBecomesAnUnderscoreEach() {
        assertThat(UdevText.name("a/b\"c'd$e*f,g(h)%i")).isEqualTo("a_b_c_d_e_f_g_h__i");
        assertThat(UdevText.name("#+-.:=@_Az09")).isEqualTo("#+-.:=@_Az09");
    }

    @Test
    void textBeyondAsciiStaysWhereItIsUtf8() {
        assertThat(UdevText.name("é界")).isEqualTo("é界");
        assertThat(UdevText.name(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b'}))
                .isEqualTo("a__b");
    }

    @Test
    void whatIsEncodedStays() {
        assertThat(UdevText.name("a\\x2fb\\y")).isEqualTo("a\\x2fb_y");
        assertThat(UdevText.encoded("a b/é\\".getBytes(StandardCharsets.UTF_8))).isEqualTo("a\\x20b\\x2fé\\x5c");
    }

    @Test
    void tagsHoldLettersDigitsAndDashes() {
        assertThat(UdevText.tag("ip-10.0.0.1:3260-iscsi-iqn.2026:%x-lun-1"))
                .isEqualTo("ip-10_0_0_1_3260-iscsi-iqn_2026_x-lun-1");
        assertThat(UdevText.tag(".a.")).isEqualTo("a");
    }
}
