package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients say and read, each in its own way; the rows of the inventory are in the names. */
@Tag("once")
@NeedsTools({"tgtd", "tgtadm"})
final class ClientOutputTest {

    @TempDir
    private static Path directory;

    private static ClientHost host;

    @BeforeAll
    static void start() throws IOException {
        host = new ClientHost(directory);
    }

    @AfterEach
    void reset() throws Exception {
        host.reset();
    }

    @AfterAll
    static void end() {
        if (host != null) {
            host.close();
        }
    }

    private static int logIn() throws Exception {
        host.succeeds("-m node -T TARGET -p PORTAL,1 -o new");
        host.succeeds("-m node -T TARGET -p PORTAL -l");
        return (int) Objects.requireNonNull(host.daemon().session().get("sid"));
    }

    /** XCP's storage manager. */
    @Test
    @Row("CR-8")
    void cr8OneCommandChangesSeveralKeys() {
        host.succeeds("-m node -T TARGET -p PORTAL,1 -o new");
        host.succeeds("-m node -T TARGET -p PORTAL -o update -n node.startup -v automatic"
                + " -n node.session.timeo.replacement_timeout -v 86400 -n node.conn[0].timeo.noop_out_interval -v 0"
                + " -n node.conn[0].timeo.noop_out_timeout -v 0");
        assertThat(record("-m node -T TARGET -p PORTAL"))
                .containsEntry("node.startup", "automatic")
                .containsEntry("node.session.timeo.replacement_timeout", "86400")
                .containsEntry("node.conn[0].timeo.noop_out_interval", "0")
                .containsEntry("node.conn[0].timeo.noop_out_timeout", "0");
    }

    /** Ansible's, libvirt's and Trident's spellings. */
    @Test
    @Row({"CR-9", "M-25"})
    void cr9LongOptionsInAnySpellingAndOrder() throws Exception {
        host.succeeds("--mode discovery --type sendtargets --portal PORTAL");
        host.succeeds("--mode discovery --type sendtargets --portal PORTAL --op nonpersistent");
        host.succeeds("--mode node --portal PORTAL --target TARGET --op=update --name node.startup --value=manual");
        host.succeeds("-m node -o update --name=node.session.scan -v auto --targetn=TARGET -pPORTAL");
        host.succeeds("--mode node --portal PORTAL,1 --targetname TARGET --login");
        host.succeeds("--mode session --print=1");
        host.succeeds("-m session -P0");
        host.succeeds("--mode node --portal PORTAL,1 --target TARGET --logout");
        assertThat(host.daemon().sessions()).isEmpty();
    }

    @Test
    @Row("CR-10")
    void cr10PortalsInEachForm() throws Exception {
        int port = host.target().port();
        for (String portal : List.of("127.0.0.1:" + port, "127.0.0.1:" + port + ",1", "localhost:" + port)) {
            host.succeeds("-m node -T TARGET -p " + portal + " -o new");
            host.succeeds("-m node -T TARGET -p " + portal + " -l");
            assertThat(host.daemon().sessions()).as(portal).hasSize(1);
            host.succeeds("-m node -T TARGET -p " + portal + " -u");
            host.succeeds("-m node -T TARGET -o delete");
        }
        host.succeeds("-m node -T TARGET -p [fd00::1]:3261,1 -o new");
        host.succeeds("-m node -T TARGET -p 10.0.0.1,1 -o new");
        assertThat(host.succeeds("-m node").lines())
                .containsExactlyInAnyOrder("[fd00::1]:3261,1 " + TgtTarget.IQN, "10.0.0.1:3260,1 " + TgtTarget.IQN);
    }

    /** Proxmox reads it with a pattern to the end of the line. */
    @Test
    @Row({"CR-11", "S-84"})
    void cr11TheFlatLineOfASession() throws Exception {
        int sid = logIn();
        String line = "tcp: [" + sid + "] " + host.portalWithTpgt() + " " + TgtTarget.IQN + " (non-flash)\n";
        assertThat(host.succeeds("-m session").out()).isEqualTo(line);
        assertThat(host.succeeds("-m session -P 0").out()).isEqualTo(line);
    }

    @Test
    @Row({"CR-12", "S-80", "S-82"})
    void cr12NodeAndDiscoveryLinesAreTwoWords() {
        String line = host.portalWithTpgt() + " " + TgtTarget.IQN;
        String other = host.portalWithTpgt() + " " + ClientHost.CHAP_TARGET;
        assertThat(host.succeeds("-m discovery -t sendtargets -p PORTAL").lines())
                .containsExactlyInAnyOrder(line, other);
        assertThat(host.succeeds("-m discoverydb -t st -p PORTAL --discover").lines())
                .containsExactlyInAnyOrder(line, other);
        assertThat(host.succeeds("-m node").lines()).containsExactlyInAnyOrder(line, other);
    }

    /** Longhorn and democratic-csi look for the disk's line right behind that of its LUN. */
    @Test
    @Row({"CR-13", "CR-14", "S-88"})
    void cr13And14TheDeepestTreeBeginsWithTwoLinesAndEndsWithDisks() throws Exception {
        logIn();
        List<String> lines = host.succeeds("-m session -P 3").lines();
        assertThat(lines.get(0)).startsWith("iSCSI Transport Class version ");
        assertThat(lines.get(1)).startsWith("version ");
        assertThat(lines.get(2)).isEqualTo("Target: " + TgtTarget.IQN + " (non-flash)");
        int devices = lines.indexOf("\t\tAttached SCSI devices:");
        assertThat(lines.get(devices + 2)).matches("\t\tHost Number: \\d+\tState: running");
        assertThat(lines.get(devices + 3)).matches("\t\tscsi\\d+ Channel 00 Id 0 Lun: 0");
        assertThat(lines.get(devices + 4)).matches("\t\tscsi\\d+ Channel 00 Id 0 Lun: 1");
        assertThat(lines.subList(devices + 5, lines.size()))
                .containsExactly("\t\t\tAttached scsi disk nbd0\t\tState: running");
    }

    /** goiscsi compares it with the password that it wants. */
    @Test
    @Row({"CR-15", "M-17"})
    void cr15SecretsAreShownToWhoeverAsksForThem() {
        String node = "-m node -T " + ClientHost.CHAP_TARGET + " -p PORTAL ";
        host.succeeds(node + "-o new");
        host.succeeds(node + "-o update -n node.session.auth.authmethod -v CHAP -n node.session.auth.username -v joe"
                + " -n node.session.auth.password -v " + ClientHost.SECRET);
        host.succeeds(node + "-l");
        assertThat(host.succeeds("-m session -P 2 -S").lines())
                .contains("\t\tusername: joe", "\t\tpassword: " + ClientHost.SECRET);
        assertThat(host.succeeds("-m session -P 2").out())
                .contains("\t\tpassword: ********\n")
                .doesNotContain(ClientHost.SECRET);
        assertThat(host.succeeds(node).out()).doesNotContain(ClientHost.SECRET);
    }

    /** os-brick takes the portals between the first heading and the second. */
    @Test
    @Row({"CR-16", "S-26"})
    void cr16TheTreeOfDiscoveriesHasFourHeadings() {
        host.succeeds("-m discoverydb -t sendtargets -p PORTAL --op new");
        host.succeeds("-m discoverydb -t sendtargets -p PORTAL --discover");
        List<String> lines = host.succeeds("-m discoverydb -o show -P 1").lines();
        assertThat(lines).containsSubsequence("SENDTARGETS:", "iSNS:", "STATIC:", "FIRMWARE:");
        assertThat(lines.subList(0, lines.indexOf("iSNS:")))
                .contains(
                        "DiscoveryAddress: 127.0.0.1," + host.target().port(),
                        "Target: " + TgtTarget.IQN,
                        "\tPortal: " + host.portalWithTpgt(),
                        "\t\tIface Name: default");
    }

    @Test
    @Row("CR-17")
    void cr17DumpsAreLinesOfKeysAndValues() {
        host.succeeds("-m node -T TARGET -p PORTAL,1 -o new");
        assertThat(record("-m node -T TARGET -p PORTAL"))
                .containsEntry("node.name", TgtTarget.IQN)
                .containsEntry("node.conn[0].port", String.valueOf(host.target().port()))
                .containsEntry("node.session.auth.username", "<empty>")
                .hasSizeGreaterThan(60);
        assertThat(record("-m iface -I default")).containsEntry("iface.hwaddress", "<empty>");
        host.succeeds("-m discoverydb -t st -p PORTAL -o new");
        assertThat(record("-m discoverydb -t st -p PORTAL")).containsEntry("discovery.type", "sendtargets");
    }

    /** Kubernetes makes an iface for each volume, a copy of another one. */
    @Test
    @Row({"CR-36", "M-57", "M-4"})
    void cr36AnIfaceMayBeCalledAfterAPortalAndAVolume() throws Exception {
        for (String name : List.of(host.portal() + ":pv-0001", "n".repeat(59) + ":pv01")) {
            host.succeeds("-m iface -I " + name + " -o new");
            for (Map.Entry<String, String> each : record("-m iface -I default").entrySet()) {
                if (each.getKey().equals("iface.transport_name")) {
                    host.succeeds("-m iface -I " + name + " -o update -n " + each.getKey() + " -v " + each.getValue());
                }
            }
            host.succeeds("-m iface -I " + name + " -o update -n iface.initiatorname -v iqn.2026-11.io.lunbridge:pv");
            host.succeeds("-m discoverydb -t sendtargets -p PORTAL -I " + name + " --discover");
            host.succeeds("-m node -p PORTAL -T TARGET -I " + name + " --login");
            assertThat(host.daemon().session())
                    .containsEntry("ifaceName", name)
                    .containsEntry("initiatorName", "iqn.2026-11.io.lunbridge:pv");
            assertThat(host.succeeds("-m session -P 1").lines()).contains("\t\tIface Name: " + name);
            host.succeeds("-m node -p PORTAL -T TARGET -I " + name + " --logout");
            host.succeeds("-m iface -I " + name + " -o delete");
            host.fails(21, "-m node -T TARGET");
        }
    }

    /** The one record that is printed, each line between the two of its frame. */
    private static Map<String, String> record(String words) {
        List<String> lines = new ArrayList<>(host.succeeds(words).lines());
        assertThat(lines.remove(0)).startsWith("# BEGIN RECORD");
        assertThat(lines.remove(lines.size() - 1)).isEqualTo("# END RECORD");
        Map<String, String> record = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(" = ", 2);
            assertThat(parts).as(line).hasSize(2);
            assertThat(record.put(parts[0], parts[1])).as(line).isNull();
        }
        return record;
    }
}
