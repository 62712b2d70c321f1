package io.lunbridge.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What iscsid.conf and initiatorname.iscsi say, and what of it is told to be wrong. */
class ConfigurationTest {

    @TempDir
    private Path root;

    private final List<String> warnings = new ArrayList<>();

    private void file(String name, String text) throws IOException {
        Path file = root.resolve("etc/iscsi").resolve(name);
        Files.createDirectories(root.resolve("etc/iscsi"));
        Files.writeString(file, text);
    }

    private Configuration configuration() {
        return RecordDatabase.open(RecordPaths.below(root), warnings::add).configuration();
    }

    private NodeRecord node() {
        return configuration().node("iqn.x", 1, "10.0.0.1", 3260, IfaceRecord.DEFAULT);
    }

    @Test
    @Row({"M-90", "R-10", "R-43"})
    void aFileGoesOverTheCompiledDefaults() throws Exception {
        assertThat(node().value("node.session.initial_login_retry_max")).isEqualTo("4");
        file("iscsid.conf", "node.session.initial_login_retry_max = 8\nnode.conn[0].timeo.login_timeout = 15\n");
        assertThat(node().value("node.session.initial_login_retry_max")).isEqualTo("8");
        assertThat(node().number("node.conn[0].timeo.login_timeout")).isEqualTo(15);
        assertThat(warnings).isEmpty();
    }

    @Test
    @Row({"R-60", "R-61", "R-63"})
    void whatIsNoRecordsKeyIsASettingAndSafeLogoutIsOn() throws Exception {
        file("iscsid.conf", "iscsid.startup = /bin/systemctl start iscsid.socket\nisns.address = 10.0.0.8\n");
        assertThat(configuration().setting("iscsid.startup")).isEqualTo("/bin/systemctl start iscsid.socket");
        assertThat(configuration().setting("isns.address")).isEqualTo("10.0.0.8");
        assertThat(configuration().setting("isns.port")).isNull();
        assertThat(configuration().safeLogout()).isTrue();
        file("iscsid.conf", "iscsid.safe_logout = No\n");
        assertThat(configuration().safeLogout()).isFalse();
        assertThat(warnings).isEmpty();
    }

    @Test
    @Row("M-90")
    void whatCannotBeUnderstoodIsToldOfAndTheRestHolds() throws Exception {
        file(
                "iscsid.conf",
                "# comment\n\n  node.startup   =   automatic  \nnode.leading_login=Yes\nnode.session.scan\n"
                        + "node.session.nr_sessions =\nnode.conn[0].iscsi.DataDigest = Maybe\nnode.name = iqn.other\n"
                        + "x = " + "y".repeat(2048) + "\nnode.session.queue_depth = 64");
        NodeRecord node = node();
        assertThat(node.value("node.startup")).isEqualTo("automatic");
        assertThat(node.value("node.leading_login")).isEqualTo("No");
        assertThat(node.value("node.conn[0].iscsi.DataDigest")).isEqualTo("None");
        assertThat(node.targetName()).isEqualTo("iqn.x");
        assertThat(node.number("node.session.queue_depth")).isEqualTo(64);
        assertThat(warnings)
                .containsExactly(
                        "Config file line 4 does not have '=' separator",
                        "Config file line 5 does not have value",
                        "Config file line 6 does not have value",
                        "Config file line 9 too long.",
                        "config file line 7 contains unknown value format 'Maybe' for parameter name"
                                + " 'node.conn[0].iscsi.DataDigest'");
    }

    @Test
    @Row({"M-91", "CR-22"})
    void theInitiatorsNameIsInItsFile() throws Exception {
        assertThat(InitiatorNameFile.read(RecordPaths.below(root))).isEqualTo(new InitiatorNameFile(null, null));
        file(
                "initiatorname.iscsi",
                "## InitiatorName=iqn.not\nInitiatorName=iqn.mine:a=b\nInitiatorAlias = host one\n");
        assertThat(InitiatorNameFile.read(RecordPaths.below(root)))
                .isEqualTo(new InitiatorNameFile("iqn.mine:a=b", "host one"));
        file("initiatorname.iscsi", "GenerateName=yes\nInitiatorName=\n");
        assertThat(InitiatorNameFile.read(RecordPaths.below(root)).name()).isNull();
    }

    @Test
    @Row({"M-32", "CR-10"})
    void anAddressIsTheSameInEachOfItsSpellings() {
        assertThat(NodeFilter.isSameAddress("fe80::1", "FE80:0:0::1")).isTrue();
        assertThat(NodeFilter.isSameAddress("localhost", "127.0.0.1")).isTrue();
        assertThat(NodeFilter.isSameAddress("10.0.0.1", "10.0.0.10")).isFalse();
        assertThat(NodeFilter.isSameAddress("no.such.host.invalid", "10.0.0.1")).isFalse();
    }

    @Test
    void aNumberIsWhatCReads() {
        assertThat(CNumber.parse(" \t12x")).isEqualTo(12);
        assertThat(CNumber.parse("-7")).isEqualTo(-7);
        assertThat(CNumber.parse("18446744073709551614")).isEqualTo(-2);
        assertThat(CNumber.parse("18446744073709551616")).isEqualTo(-1);
        assertThat(CNumber.parse("9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(CNumber.parse("-")).isZero();
    }
}
