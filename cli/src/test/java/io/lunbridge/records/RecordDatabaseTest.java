package io.lunbridge.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records go to the files where open-iscsi has them, and come back from there. */
class RecordDatabaseTest {

    private static final String TARGET = "iqn.2001-01.a:b";

    @TempDir
    private Path root;

    private final List<String> warnings = new ArrayList<>();
    private RecordPaths paths = RecordPaths.below(Path.of("/nowhere"));
    private RecordDatabase database = RecordDatabase.open(paths, warnings::add);

    @BeforeEach
    void open() {
        paths = RecordPaths.below(root);
        database = RecordDatabase.open(paths, warnings::add);
    }

    private NodeRecord node(String address, int tpgt, IfaceRecord iface) {
        return database.configuration().node(TARGET, tpgt, address, 3260, iface);
    }

    private Path file(String path) {
        return root.resolve("etc/iscsi").resolve(path);
    }

    @Test
    @Row({"M-93", "M-96"})
    void aStaticNodeIsAFileForItsOwnerAloneAndALink() throws Exception {
        database.add(node("10.0.0.1", 1, IfaceRecord.DEFAULT));
        Path portal = file("nodes/" + TARGET + "/10.0.0.1,3260,1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(portal.resolve("default"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(portal)))
                .isEqualTo("rwx------");
        assertThat(Files.readSymbolicLink(file("static/" + TARGET + ",10.0.0.1,3260,1,default")))
                .isEqualTo(portal);
        assertThat(file("")).isDirectoryNotContaining("glob:**lunbridge*");
        List<NodeRecord> nodes = database.nodes(NodeFilter.ALL);
        assertThat(nodes).singleElement().satisfies(read -> {
            assertThat(read.targetName()).isEqualTo(TARGET);
            assertThat(read.address()).isEqualTo("10.0.0.1");
            assertThat(read.port()).isEqualTo(3260);
            assertThat(read.tpgt()).isEqualTo(1);
            assertThat(read.ifaceName()).isEqualTo("default");
            assertThat(read.discoveryType()).isEqualTo(DiscoveryType.STATIC);
        });
        assertThat(database.delete(nodes.get(0))).isTrue();
        assertThat(database.delete(nodes.get(0))).isFalse();
        assertThat(file("nodes")).isEmptyDirectory();
        assertThat(file("static")).isEmptyDirectory();
        assertThat(warnings).isEmpty();
    }

    @Test
    @Row({"M-94", "U-19"})
    void withoutATpgtTheFirstIfaceIsAFileAndTheSecondDoesNotReplaceIt() throws Exception {
        database.add(node("10.0.0.2", -1, IfaceRecord.DEFAULT));
        assertThat(file("nodes/" + TARGET + "/10.0.0.2,3260")).isRegularFile();
        database.add(node("10.0.0.2", -1, IfaceRecord.named("i0")));
        assertThat(database.nodes(NodeFilter.ALL))
                .extracting(NodeRecord::ifaceName)
                .containsExactly("default", "i0");
        for (NodeRecord node : database.nodes(NodeFilter.ALL)) {
            assertThat(database.delete(node)).isTrue();
        }
        assertThat(file("nodes")).isEmptyDirectory();
    }

    @Test
    @Row({"U-1", "CR-23"})
    void aBadRecordIsPassedOverAndToldOf() throws Exception {
        database.add(node("10.0.0.1", 1, IfaceRecord.DEFAULT));
        Path portal = file("nodes/" + TARGET + "/10.0.0.1,3260,1");
        String whole = Files.readString(portal.resolve("default"));
        Files.writeString(portal.resolve("empty"), "");
        Files.writeString(portal.resolve("half"), whole.substring(0, whole.length() / 2));
        Files.writeString(portal.resolve("strange"), "\0\0\0\0");
        Files.writeString(portal.resolve("nameless"), "node.startup = manual\n");
        assertThat(database.nodes(NodeFilter.ALL))
                .extracting(NodeRecord::ifaceName)
                .containsExactly("default");
        assertThat(warnings)
                .filteredOn(warning -> warning.startsWith("Passed over"))
                .containsExactly(
                        "Passed over the record " + portal.resolve("empty") + ": it is empty",
                        "Passed over the record " + portal.resolve("half") + ": its end is missing",
                        "Passed over the record " + portal.resolve("nameless") + ": it has no node.name",
                        "Passed over the record " + portal.resolve("strange") + ": it is empty");
    }

    @Test
    @Row({"U-1", "CR-23", "R-36", "R-41"})
    void whatWeDoNotKnowStaysInTheRecord() throws Exception {
        database.add(node("10.0.0.1", 1, IfaceRecord.DEFAULT));
        Path record = file("nodes/" + TARGET + "/10.0.0.1,3260,1/default");
        String whole = Files.readString(record);
        Files.writeString(
                record,
                whole.replace(
                        "# END RECORD",
                        "node.session.sess_reopen_log_freq = 3\nnode.conn[0].tcp.congestion_control = bbr\n# END RECORD"));
        NodeRecord node = database.nodes(NodeFilter.ALL).get(0);
        database.write(node.with("node.startup", "automatic"));
        assertThat(Files.readString(record))
                .isEqualTo(
                        whole.replace("node.startup = manual", "node.startup = automatic")
                                .replace(
                                        "# END RECORD",
                                        "node.session.sess_reopen_log_freq = 3\nnode.conn[0].tcp.congestion_control = bbr\n# END RECORD"));
        assertThat(warnings).isEmpty();
    }

    @Test
    @Row({"M-51", "M-95"})
    void aDiscoveryGoesWithAllThatItFound() throws Exception {
        DiscoveryRecord discovery = database.configuration().discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260);
        database.write(discovery);
        database.add(node("10.0.0.1", 1, IfaceRecord.DEFAULT).foundBy(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260));
        database.add(node("10.0.0.3", 1, IfaceRecord.DEFAULT));
        assertThat(file("send_targets/10.0.0.9,3260/" + TARGET + ",10.0.0.1,3260,1,default"))
                .isSymbolicLink();
        assertThat(database.discoveries(DiscoveryType.SENDTARGETS))
                .extracting(DiscoveryRecord::address)
                .containsExactly("10.0.0.9");
        assertThat(database.delete(discovery)).isTrue();
        assertThat(file("send_targets")).isEmptyDirectory();
        assertThat(database.nodes(NodeFilter.ALL))
                .extracting(NodeRecord::address)
                .containsExactly("10.0.0.3");
    }

    @Test
    @Row({"M-97", "CR-36"})
    void anIfaceMayHaveAColonInItsName() throws Exception {
        database.write(IfaceRecord.named("tcp:0").with("iface.net_ifacename", "eth0"));
        assertThat(database.ifaces()).extracting(IfaceRecord::name).containsExactly("tcp:0", "default", "iser");
        assertThat(database.iface("tcp:0").orElseThrow().value("iface.net_ifacename"))
                .isEqualTo("eth0");
        assertThat(database.delete(IfaceRecord.named("tcp:0"))).isTrue();
        assertThat(database.iface("tcp:0")).isEmpty();
    }

    @Test
    @Row("CR-24")
    void theDatabaseIsWhereThereIsOne() throws IOException {
        assertThat(RecordPaths.below(root).database()).isEqualTo(root.resolve("etc/iscsi"));
        Files.createDirectories(root.resolve("var/lib/iscsi"));
        assertThat(RecordPaths.below(root).database()).isEqualTo(root.resolve("var/lib/iscsi"));
        Files.createDirectories(root.resolve("etc/iscsi/nodes/" + TARGET));
        assertThat(RecordPaths.below(root).database()).isEqualTo(root.resolve("etc/iscsi"));
        Files.createDirectories(root.resolve("var/lib/iscsi/ifaces/i0"));
        assertThat(RecordPaths.below(root).database()).isEqualTo(root.resolve("var/lib/iscsi"));
        Files.writeString(root.resolve("etc/os-release"), "NAME=x\nID=ubuntu\nID_LIKE=debian\n");
        assertThat(RecordPaths.below(root).database()).isEqualTo(root.resolve("etc/iscsi"));
    }

    @Test
    @Row({"M-94", "U-2"})
    void aRecordWithoutATpgtGivesWayToTheSameWithOne() throws Exception {
        database.add(node("10.0.0.2", -1, IfaceRecord.DEFAULT));
        database.add(node("10.0.0.2", 3, IfaceRecord.DEFAULT));
        assertThat(database.nodes(NodeFilter.ALL)).extracting(NodeRecord::tpgt).containsExactly(3);
        assertThat(file("nodes/" + TARGET + "/10.0.0.2,3260")).doesNotExist();
    }

    @Test
    @Row("M-95")
    void aRecordThatIsFoundAgainElsewhereIsLinkedThere() throws Exception {
        database.write(database.configuration().discovery(DiscoveryType.ISNS, "10.0.0.8", 3205));
        NodeRecord node = node("10.0.0.1", 1, IfaceRecord.DEFAULT);
        database.add(node.foundBy(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260));
        database.add(node.foundBy(DiscoveryType.ISNS, "10.0.0.8", 3205));
        String link = TARGET + ",10.0.0.1,3260,1,default";
        assertThat(file("send_targets/10.0.0.9,3260/" + link)).doesNotExist();
        assertThat(file("isns/10.0.0.8,3205/" + link)).isSymbolicLink();
        assertThat(database.addIfAbsent(node)).isFalse();
        assertThat(file("isns/10.0.0.8,3205/" + link)).isSymbolicLink();
        database.delete(node);
        assertThat(file("isns/10.0.0.8,3205/" + link)).doesNotExist();
        assertThat(database.addIfAbsent(node)).isTrue();
    }

    @Test
    @Row({"M-95", "M-96"})
    void discoveryRecordsOfOldVersionsAreRead() throws Exception {
        DiscoveryRecord discovery = database.configuration().discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260);
        Files.createDirectories(file("send_targets"));
        Files.writeString(file("send_targets/10.0.0.9,3260"), discovery.dump(true));
        // Of a version that linked what an iSNS server told without naming the server.
        Files.createDirectories(file("isns"));
        Files.createSymbolicLink(file("isns/" + TARGET + ",10.0.0.1,3260,1,default"), file("nodes"));
        assertThat(database.discoveries(DiscoveryType.ISNS)).isEmpty();
        assertThat(database.discoveries(DiscoveryType.SENDTARGETS))
                .extracting(DiscoveryRecord::port)
                .containsExactly(3260);
        database.write(discovery);
        assertThat(file("send_targets/10.0.0.9,3260/st_config")).isRegularFile();
        assertThat(database.discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260))
                .isPresent();
        assertThat(database.discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3261))
                .isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    @Row({"M-57", "R-5"})
    void aRecordTakesOverItsIfaceAsItIsNow() throws Exception {
        NodeRecord node = node("10.0.0.1", 1, IfaceRecord.named("i0").with("iface.mtu", "9000"));
        assertThat(node.iface().value("iface.mtu")).isEqualTo("9000");
        NodeRecord bound = node.withIface(IfaceRecord.named("i0").with("iface.net_ifacename", "eth0"));
        assertThat(bound.value("iface.mtu")).isEqualTo("0");
        assertThat(bound.value("iface.net_ifacename")).isEqualTo("eth0");
        assertThat(bound.entries()).contains(Map.entry("iface.ttl", "0")).doesNotContain(Map.entry("iface.mld", ""));
        assertThat(bound.withIface(IfaceRecord.named("i-ipv6")).entries()).contains(Map.entry("iface.mld", ""));
    }

    @Test
    @Row({"M-32", "S-51"})
    void recordsAreFoundByAnyPartOfWhatTheyAre() throws Exception {
        database.add(node("10.0.0.1", 1, IfaceRecord.DEFAULT));
        database.add(node("10.0.0.1", 1, IfaceRecord.named("i0")));
        database.add(node("10.0.0.2", 2, IfaceRecord.named("i0")));
        assertThat(database.nodes(new NodeFilter(null, "10.0.0.1", -1, -1, null)))
                .hasSize(2);
        assertThat(database.nodes(new NodeFilter(null, null, -1, -1, "i0"))).hasSize(2);
        assertThat(database.nodes(new NodeFilter(TARGET, "10.0.0.1", 3260, 1, "i0")))
                .hasSize(1);
        assertThat(database.nodes(new NodeFilter(TARGET, "10.0.0.1", 3261, -1, null)))
                .isEmpty();
        assertThat(database.nodes(new NodeFilter("iqn.other", null, -1, -1, null)))
                .isEmpty();
        assertThat(database.nodes(new NodeFilter(null, null, -1, 2, null))).hasSize(1);
    }

    @Test
    void aNameThatWouldLeadElsewhereIsRefused() {
        for (String name : List.of("..", "a/b", "")) {
            NodeRecord node = database.configuration().node(name, 1, "10.0.0.1", 3260, IfaceRecord.DEFAULT);
            assertThatThrownBy(() -> database.add(node))
                    .isInstanceOf(RecordFailure.class)
                    .hasMessage("'" + name + "' cannot be a record's name.");
        }
        assertThatThrownBy(() -> database.write(IfaceRecord.DEFAULT))
                .hasMessage("iface default is a special interface and is not stored in " + file("ifaces") + ".");
        assertThatThrownBy(() -> database.delete(IfaceRecord.ISER))
                .hasMessage("iface iser is a special interface and cannot be deleted.");
    }

    @Test
    void aDatabaseThatCannotBeChangedIsSaid() throws Exception {
        Files.createDirectories(file(""));
        Files.writeString(file("ifaces"), "");
        assertThatThrownBy(() -> database.write(IfaceRecord.named("i0")))
                .isInstanceOf(RecordFailure.class)
                .hasMessage("The database " + root.resolve("etc/iscsi") + " could not be changed: " + file("ifaces")
                        + ": File exists");
    }
}
