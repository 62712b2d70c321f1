package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One database, two programs: what ours writes is what the real iscsiadm writes for the same commands, file for file and
 * byte for byte, and each reads what the other wrote.
 */
@NeedsTools({"iscsiadm", "unshare", "python3"})
class RecordFilesTest {

    private static final String ONE = "iqn.2001-01.a:one";
    private static final String TWO = "iqn.2001-01.a:two";

    /** In the words of the real one: what {@link #change} does with ours. */
    private static final String COMMANDS = """
            set -e
            iscsiadm -m node -o new -T iqn.2001-01.a:one -p 10.0.0.1:3260,1
            iscsiadm -m node -o new -T iqn.2001-01.a:one -p 10.0.0.10:3260,2
            iscsiadm -m node -o new -T iqn.2001-01.a:one -p '[fe80::1]:3261,2'
            iscsiadm -m node -o new -T iqn.2001-01.a:two -p 10.0.0.2
            iscsiadm -m iface -o new -I tcp:1
            iscsiadm -m iface -I tcp:1 -o update -n iface.net_ifacename -v eth0 -n iface.mtu -v 9000
            iscsiadm -m iface -I tcp:1 -o update -n iface.gateway -v 10.0.0.254 -n iface.initiatorname -v iqn.x
            iscsiadm -m node -T iqn.2001-01.a:one -o new -I tcp:1
            iscsiadm -m node -T iqn.2001-01.a:one -p 10.0.0.1 -I default -o update -n node.startup -v automatic \\
                -n node.session.auth.authmethod -v CHAP -n node.session.auth.username -v joe \\
                -n node.session.auth.password -v 'secret = word'
            iscsiadm -m node -T iqn.2001-01.a:one -p 10.0.0.10 -I default -o delete
            iscsiadm -m discoverydb -t st -p 10.0.0.9 -o new
            iscsiadm -m discoverydb -t st -p 10.0.0.9 -o update -n discovery.sendtargets.use_discoveryd -v Yes
            iscsiadm -m discoverydb -t isns -p 10.0.0.8:3999 -o new
            """;

    @TempDir
    private Path directory;

    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void copyConfiguration() throws IOException {
        for (String root : List.of("real", "ours")) {
            Path etc = Files.createDirectories(directory.resolve(root).resolve("etc/iscsi"));
            String conf = Files.readString(Path.of("/etc/iscsi/iscsid.conf"));
            Files.writeString(
                    etc.resolve("iscsid.conf"),
                    conf + "node.session.auth.chap_algs = SHA256, MD5\nnode.conn[0].iscsi.HeaderDigest = CRC32C,None\n"
                            + "discovery.sendtargets.auth.username = user\nnode.bogus = 1\n");
        }
    }

    private OpenIscsi real(String root) throws IOException {
        return new OpenIscsi(directory.resolve(root).resolve("etc/iscsi"));
    }

    private RecordDatabase database(String root) {
        return RecordDatabase.open(RecordPaths.below(directory.resolve(root)), warnings::add);
    }

    private static NodeFilter at(String target, String address, String iface) {
        return new NodeFilter(target, address, NodeFilter.ANY, NodeFilter.ANY, iface);
    }

    private static void change(RecordDatabase ours) throws Exception {
        var conf = ours.configuration();
        ours.add(conf.node(ONE, 1, "10.0.0.1", 3260, IfaceRecord.DEFAULT));
        ours.add(conf.node(ONE, 2, "10.0.0.10", 3260, IfaceRecord.DEFAULT));
        ours.add(conf.node(ONE, 2, "fe80::1", 3261, IfaceRecord.DEFAULT));
        ours.add(conf.node(TWO, -1, "10.0.0.2", 3260, IfaceRecord.DEFAULT));
        ours.write(IfaceRecord.named("tcp:1")
                .with("iface.net_ifacename", "eth0")
                .with("iface.mtu", "9000")
                .with("iface.initiatorname", "iqn.x")
                .with("iface.gateway", "10.0.0.254"));
        IfaceRecord iface = ours.iface("tcp:1").orElseThrow();
        for (NodeRecord node : ours.nodes(new NodeFilter(ONE, null, NodeFilter.ANY, NodeFilter.ANY, null))) {
            ours.add(conf.node(ONE, node.tpgt(), node.address(), node.port(), iface));
        }
        NodeRecord node = ours.nodes(at(ONE, "10.0.0.1", "default")).get(0);
        ours.write(node.updated(
                List.of(
                        Map.entry("node.startup", "automatic"),
                        Map.entry("node.session.auth.authmethod", "CHAP"),
                        Map.entry("node.session.auth.username", "joe"),
                        Map.entry("node.session.auth.password", "secret = word")),
                warning -> {}));
        ours.delete(ours.nodes(at(ONE, "10.0.0.10", "default")).get(0));
        ours.write(conf.discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260));
        DiscoveryRecord discovery =
                ours.discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260).orElseThrow();
        ours.write(discovery.with("discovery.sendtargets.use_discoveryd", "Yes"));
        ours.write(conf.discovery(DiscoveryType.ISNS, "10.0.0.8", 3999));
    }

    /** Each file's mode and lines, each link's target, each directory's mode. */
    private List<String> tree(String root) throws IOException {
        Path etc = directory.resolve(root).resolve("etc/iscsi");
        List<String> tree = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(etc)) {
            for (Path path : paths.filter(path -> !path.equals(etc)).sorted().toList()) {
                String name = etc.relativize(path).toString();
                if (!name.equals("iscsid.conf")) {
                    describe(path, etc).forEach(line -> tree.add(name + ": " + line));
                }
            }
        }
        return tree;
    }

    private static List<String> describe(Path path, Path etc) throws IOException {
        if (Files.isSymbolicLink(path)) {
            String target = Files.readSymbolicLink(path).toString();
            return List.of("link to " + target.replace(etc.toString(), "/etc/iscsi"));
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        List<String> lines = new ArrayList<>(List.of(mode));
        if (Files.isRegularFile(path)) {
            lines.addAll(List.of(Files.readString(path).split("\n", -1)));
        }
        return lines;
    }

    @Test
    @Row({"M-33", "M-34", "M-35", "M-36", "M-48", "M-50", "M-57", "M-90", "M-92", "M-93", "M-94", "M-95", "M-96", "M-97"
    })
    void theSameCommandsMakeTheSameFiles() throws Exception {
        real("real").run(COMMANDS);
        change(database("ours"));
        assertThat(tree("ours")).isEqualTo(tree("real"));
        assertThat(warnings).isEmpty();
    }

    @Test
    @Row({"M-90", "S-76"})
    void withoutAConfigurationTheCompiledDefaultsHold() throws Exception {
        for (String root : List.of("real", "ours")) {
            Files.delete(directory.resolve(root).resolve("etc/iscsi/iscsid.conf"));
        }
        real("real").run(COMMANDS);
        change(database("ours"));
        assertThat(tree("ours")).isEqualTo(tree("real"));
    }

    @Test
    @Row({"M-30", "M-31", "CR-12", "CR-17"})
    void eachReadsWhatTheOtherWrote() throws Exception {
        real("real").run(COMMANDS);
        change(database("ours"));
        for (String root : List.of("real", "ours")) {
            StringBuilder listing = new StringBuilder();
            StringBuilder dumps = new StringBuilder();
            StringBuilder secrets = new StringBuilder();
            for (NodeRecord node : database(root).nodes(NodeFilter.ALL)) {
                boolean dotted = node.address().indexOf('.') >= 0;
                listing.append(dotted ? node.address() : "[" + node.address() + "]")
                        .append(':')
                        .append(node.port());
                listing.append(',').append(Integer.toUnsignedString(node.tpgt()));
                listing.append(' ').append(node.targetName()).append('\n');
                dumps.append(node.dump(false));
                secrets.append(node.dump(true));
            }
            OpenIscsi real = real(root);
            assertThat(real.run("iscsiadm -m node")).isEqualTo(listing.toString());
            assertThat(real.run("iscsiadm -m node -o show")).isEqualTo(dumps.toString());
            assertThat(real.run("iscsiadm -m node -o show -S")).isEqualTo(secrets.toString());
            assertThat(real.run("iscsiadm -m iface -I tcp:1"))
                    .isEqualTo(database(root).iface("tcp:1").orElseThrow().dump(false));
            assertThat(real.run("iscsiadm -m discoverydb -t st -p 10.0.0.9"))
                    .isEqualTo(database(root)
                            .discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260)
                            .orElseThrow()
                            .dump(false));
        }
        assertThat(warnings).isEmpty();
    }

    @Test
    @Row({"CR-23", "M-90"})
    void aRecordThatIsOnlyReadAndWrittenStaysAsItIs() throws Exception {
        real("real").run(COMMANDS);
        List<String> before = tree("real");
        RecordDatabase database = database("real");
        for (NodeRecord node : database.nodes(NodeFilter.ALL)) {
            database.write(node);
        }
        for (DiscoveryRecord discovery : database.discoveries(DiscoveryType.SENDTARGETS)) {
            database.write(discovery);
        }
        for (IfaceRecord iface : database.ifaces()) {
            if (!iface.isBuiltIn()) {
                database.write(iface);
            }
        }
        assertThat(tree("real")).isEqualTo(before);
    }

    @Test
    @Row("U-1")
    void whatMakesTheRealOneFailEverywhereIsNoHarmHere() throws Exception {
        real("real").run(COMMANDS);
        Path portal = directory.resolve("real/etc/iscsi/nodes/" + ONE + "/10.0.0.1,3260,1");
        Files.writeString(portal.resolve("zero"), "");
        Path record = portal.resolve("default");
        Files.writeString(record, Files.readString(record).replace("# END", "node.session.newer_key = 5\n# END"));
        assertThat(real("real").run("iscsiadm -m node 2>/dev/null || echo $?")).isEqualTo("7\n");
        RecordDatabase database = database("real");
        assertThat(database.nodes(NodeFilter.ALL)).hasSize(6);
        assertThat(warnings).containsExactly("Passed over the record " + portal.resolve("zero") + ": it is empty");
    }

    @Test
    @Row("U-1")
    void anIfaceWithAnAddressOfIpv6CanStillBeRead() throws Exception {
        String commands = "set -e; iscsiadm -m iface -o new -I i0;"
                + "iscsiadm -m iface -I i0 -o update -n iface.ipaddress -v fe80::1 >/dev/null;";
        assertThat(real("real").run(commands + "iscsiadm -m iface -I i0 2>&1 || echo $?"))
                .contains("Unknown parameter name iface.dup_addr_detect_cnt");
        RecordDatabase ours = database("ours");
        ours.write(IfaceRecord.named("i0").with("iface.ipaddress", "fe80::1"));
        String dump = ours.iface("i0").orElseThrow().dump(false);
        assertThat(database("real").iface("i0").orElseThrow().dump(false)).isEqualTo(dump);
        assertThat(real("ours").run("iscsiadm -m iface -I i0")).isEqualTo(dump);
    }

    @Test
    @Row({"U-19", "M-94"})
    void theSecondIfaceOfAPortalWithoutATpgtIsSeenByTheRealOneToo() throws Exception {
        RecordDatabase ours = database("ours");
        for (String iface : List.of("default", "i0", "i1")) {
            ours.add(ours.configuration().node(TWO, -1, "10.0.0.2", 3260, IfaceRecord.named(iface)));
        }
        assertThat(ours.nodes(NodeFilter.ALL)).hasSize(3);
        assertThat(real("ours").run("iscsiadm -m node -P 1"))
                .contains("Iface Name: default\n", "Iface Name: i0\n", "Iface Name: i1\n");
    }
}
