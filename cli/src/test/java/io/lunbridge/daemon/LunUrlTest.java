package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LunUrlTest {

    private static final String IQN = "iqn.2026-01.org.example:disk";

    @ParameterizedTest
    @CsvSource({
        "iscsi://host/iqn.a:b/0, host, 3260, iqn.a:b, 0",
        "iscsi://host:3261/iqn.a:b/1, host, 3261, iqn.a:b, 1",
        "ISCSI://127.0.0.1/iqn.a:b/255, 127.0.0.1, 3260, iqn.a:b, 255",
        "iscsi://[::1]/iqn.a:b/256, ::1, 3260, iqn.a:b, 256",
        "iscsi://[fe80::1%eth0]:1/iqn.a:b/16383, fe80::1%eth0, 1, iqn.a:b, 16383",
        "iscsi://h/iqn.a%3ab/007, h, 3260, iqn.a:b, 7",
        "iscsi://h/eui.02004567A425678D/0, h, 3260, eui.02004567A425678D, 0",
        "iscsi://h/naa.52004567BA64678D/0, h, 3260, naa.52004567BA64678D, 0",
    })
    void aUrlHasPortalNameAndLun(String text, String host, int port, String name, int lun) {
        LunUrl url = LunUrl.parse(text);

        assertThat(url).isEqualTo(new LunUrl(null, null, new HostPort(host, port), name, lun));
    }

    @ParameterizedTest
    @CsvSource({
        "joe@, joe, ",
        "joe%secret@, joe, secret",
        "joe%@, joe, ''",
        "joe%a%25b%2Fc%40d@, joe, a%b/c@d",
        "joe%a@b@, joe, a@b",
        "joe%%c3%a4@, joe, ä",
        "iqn.x:y%s@, iqn.x:y, s",
    })
    void userAndSecretComeBeforeTheAt(String userInfo, String user, String secret) {
        LunUrl url = LunUrl.parse("iscsi://" + userInfo + "host/" + IQN + "/0");

        assertThat(url.user()).isEqualTo(user);
        assertThat(url.secret()).isEqualTo(secret);
        assertThat(url.portal().host()).isEqualTo("host");
    }

    @ParameterizedTest
    @CsvSource({
        "'', begins with iscsi://",
        "host/iqn.a:b/0, begins with iscsi://",
        "http://host/iqn.a:b/0, begins with iscsi://",
        "iscsi:/host/iqn.a:b/0, begins with iscsi://",
        "iscsi://, no target name",
        "iscsi://host, no target name",
        "iscsi:///iqn.a:b/0, no host name",
        "iscsi://host:/iqn.a:b/0, no port number",
        "iscsi://joe%hush/hush@host/iqn.a:b/0, %2F",
        "iscsi://joe%%ff@host/iqn.a:b/0, --chap-file",
        "iscsi://host:0/iqn.a:b/0, port 0",
        "iscsi://host:65536/iqn.a:b/0, no port number",
        "iscsi://host:-1/iqn.a:b/0, no port number",
        "iscsi://host:99999999999/iqn.a:b/0, no port number",
        "iscsi://ho st/iqn.a:b/0, no host name",
        "iscsi://::1/iqn.a:b/0, in brackets",
        "iscsi://[::1/iqn.a:b/0, closing bracket",
        "iscsi://[::1]3260/iqn.a:b/0, after the bracket",
        "iscsi://[host]/iqn.a:b/0, no IPv6 address",
        "iscsi://@host/iqn.a:b/0, no user",
        "iscsi://%secret@host/iqn.a:b/0, no user",
        "iscsi://joe%a%zz@host/iqn.a:b/0, two hex digits",
        "iscsi://joe%a%2@host/iqn.a:b/0, two hex digits",
        "iscsi://host/iqn.a:b, no LUN",
        "iscsi://host//0, no iSCSI name",
        "iscsi://host/disk/0, no iSCSI name",
        "iscsi://host/iqn./0, no iSCSI name",
        "iscsi://host/iqn.a b/0, no iSCSI name",
        "iscsi://host/iqn.a%00b/0, no iSCSI name",
        "iscsi://host/iqn.a%0ab/0, no iSCSI name",
        "iscsi://host/iqn.a/b/0, no iSCSI name",
        "iscsi://host/iqn.a%/0, two hex digits",
        "iscsi://host/iqn.a%3/0, two hex digits",
        "iscsi://host/iqn.a%é1/0, two hex digits",
        "iscsi://host/iqn.a:b/, no LUN",
        "iscsi://host/iqn.a:b/x, no LUN",
        "iscsi://host/iqn.a:b/-1, no LUN",
        "iscsi://host/iqn.a:b/16384, no LUN",
        "iscsi://host/iqn.a:b/99999999999, no LUN",
        "iscsi://host/iqn.a:b/0?x=y, options",
        "iscsi://host/iqn.a:b/0/, no iSCSI name",
    })
    void aMalformedUrlIsRefusedWithTheReason(String text, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LunUrl.parse(text))
                .withMessageContaining(reason)
                .withMessageNotContaining("\n");
    }

    @Test
    void aNameMayHave223BytesAndNoMore() {
        String longest = "iqn." + "x".repeat(219);

        assertThat(LunUrl.parse("iscsi://h/" + longest + "/0").targetName()).hasSize(223);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LunUrl.parse("iscsi://h/" + longest + "x/0"))
                .withMessageContaining("223");
    }

    @Test
    void aSecretIsNeverPrinted() {
        String url = "iscsi://joe%hidden%25@[::1]:1/" + IQN + "/3";

        assertThat(LunUrl.parse(url)).hasToString("iscsi://[::1]:1/" + IQN + "/3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LunUrl.parse(url.replace("%25", "%2")))
                .withMessageNotContaining("hidden");
    }
}
