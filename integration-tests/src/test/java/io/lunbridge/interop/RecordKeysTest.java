package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.BadValue;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import io.lunbridge.records.Row;
import io.lunbridge.records.StoredRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Every key of every kind of record, with values that fit and values that do not: what ours takes, refuses and stores is
 * what the real iscsiadm takes, refuses and stores, to the byte.
 */
@Tag("once")
@NeedsTools({"iscsiadm", "unshare", "python3"})
class RecordKeysTest {

    private static final List<String> VALUES = List.of(
            "7",
            "-3",
            "0",
            "300",
            "70000",
            "4294967298",
            "18446744073709551615",
            "99999999999999999999",
            "12x",
            "+4",
            "word",
            "Yes",
            "No",
            "yes",
            "None",
            "CHAP",
            "CRC32C,None",
            "manual",
            "automatic",
            "onboot",
            "auto",
            "SHA1,MD5",
            "SHA256, MD5,MD5",
            "SHA3-256",
            "MD4",
            "<empty>",
            "static",
            "x".repeat(100),
            "y".repeat(255));

    /** In memory, where there is some: ours has each of some thousand files on the disk before it goes on. */
    static final class Memory implements TempDirFactory {

        private static final Path PLACE = Path.of("/dev/shm");

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.isWritable(PLACE)
                    ? Files.createTempDirectory(PLACE, "junit-")
                    : Files.createTempDirectory("junit-");
        }
    }

    @TempDir(factory = Memory.class)
    private Path directory;

    private Path etc = Path.of("/nowhere");
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void makeRecords() throws IOException {
        etc = directory.resolve("etc/iscsi");
        OpenIscsi real = new OpenIscsi(etc);
        Files.copy(Path.of("/etc/iscsi/iscsid.conf"), etc.resolve("iscsid.conf"));
        real.run(
                "set -e; iscsiadm -m node -o new -T iqn.2001-01.a:b -p 10.0.0.1:3260,1;"
                        + "iscsiadm -m iface -o new -I i0; iscsiadm -m iface -o new -I i0ipv6;"
                        + "iscsiadm -m discoverydb -t st -p 10.0.0.9 -o new; iscsiadm -m discoverydb -t isns -p 10.0.0.8 -o new");
    }

    private RecordDatabase database() {
        return RecordDatabase.open(RecordPaths.below(directory), warnings::add);
    }

    /** What the real one made of a key and a value. */
    private record Update(String key, String value, int status, String firstError, String file) {}

    private List<Update> realUpdates(String command, Path record, List<String> keys) throws IOException {
        Path results = Files.createDirectory(directory.resolve("results"));
        // Thousands of calls: between them the shell copies the file by itself.
        StringBuilder script =
                new StringBuilder("cd %s; record=%s; mapfile -d '' base <$record%n".formatted(results, record));
        int number = 0;
        for (String key : keys) {
            for (String value : VALUES) {
                script.append("iscsiadm %s -o update -n '%s' -v '%s' >/dev/null 2>%d.err; echo $? >%d.status%n"
                        .formatted(command, key, value, number, number));
                script.append(
                        "mapfile -d '' changed <$record; printf %%s \"$changed\" >%d.rec; printf %%s \"$base\" >$record%n"
                                .formatted(number));
                number++;
            }
        }
        Path file = Files.writeString(directory.resolve("script"), script);
        new OpenIscsi(etc).run("bash " + file);
        List<Update> updates = new ArrayList<>();
        number = 0;
        for (String key : keys) {
            for (String value : VALUES) {
                Path result = results.resolve(Integer.toString(number++));
                List<String> errors = Files.readAllLines(Path.of(result + ".err"));
                updates.add(new Update(
                        key,
                        value,
                        Integer.parseInt(
                                Files.readString(Path.of(result + ".status")).trim()),
                        errors.isEmpty() ? "" : errors.get(0),
                        Files.readString(Path.of(result + ".rec"))));
            }
        }
        return updates;
    }

    /** Ours, on the same file; both by what the record is then and by what is said of it. */
    @FunctionalInterface
    private interface Store<R> {
        void write(R record) throws Exception;
    }

    private <R extends StoredRecord<R>> void compare(List<Update> updates, Path file, R record, Store<R> store)
            throws Exception {
        SoftAssertions softly = new SoftAssertions();
        String base = Files.readString(file);
        for (Update real : updates) {
            List<String> told = new ArrayList<>();
            int status = 0;
            try {
                store.write(record.updated(List.of(Map.entry(real.key(), real.value())), told::add));
            } catch (BadValue e) {
                status = 7;
                told.add(String.valueOf(e.getMessage()));
            }
            String what = real.key() + " = " + real.value();
            // In iface mode the real one ends with 0 whatever it refuses.
            boolean refused = real.status() == 7 || real.firstError().contains("Cannot modify");
            softly.assertThat(status).as(what).isEqualTo(refused ? 7 : 0);
            softly.assertThat(told.isEmpty() ? "" : "iscsiadm: " + told.get(0))
                    .as(what)
                    .isEqualTo(real.firstError());
            softly.assertThat(Files.readString(file)).as(what).isEqualTo(real.file());
            Files.writeString(file, base);
        }
        softly.assertAll();
        assertThat(warnings).isEmpty();
    }

    private static List<String> keys(StoredRecord<?> record) {
        List<String> keys = new ArrayList<>();
        record.entries().forEach(entry -> keys.add(entry.getKey()));
        keys.add("node.bogus");
        keys.add("node.session.auth.password_length");
        return keys;
    }

    @Test
    @Row({
        "M-35", "R-1", "R-2", "R-3", "R-4", "R-6", "R-7", "R-8", "R-9", "R-10", "R-11", "R-12", "R-13", "R-14", "R-15",
        "R-16", "R-17", "R-18", "R-19", "R-20", "R-21", "R-22", "R-23", "R-24", "R-25", "R-26", "R-27", "R-28", "R-29",
        "R-30", "R-31", "R-32", "R-33", "R-34", "R-35", "R-37", "R-38", "R-39", "R-40", "R-42", "R-43", "R-44", "R-45",
        "R-46", "R-47", "R-48", "R-49", "R-50", "R-51"
    })
    void nodeKeys() throws Exception {
        NodeRecord node = database().nodes(NodeFilter.ALL).get(0);
        List<String> keys = keys(node);
        keys.removeIf(key -> key.startsWith("iface.")); // iscsiadm itself refuses these in node mode
        Path file = etc.resolve("nodes/iqn.2001-01.a:b/10.0.0.1,3260,1/default");
        List<Update> real = realUpdates("-m node -T iqn.2001-01.a:b", file, keys);
        assertThat(real).hasSizeGreaterThan(1500);
        compare(real, file, node, database()::write);
    }

    @Test
    @Row({"R-5", "M-57"})
    void ifaceKeys() throws Exception {
        compareIface("i0");
    }

    @Test
    @Row({"R-5", "M-57"})
    void ifaceKeysOfIpv6() throws Exception {
        compareIface("i0ipv6");
    }

    private void compareIface(String name) throws Exception {
        IfaceRecord iface = database().iface(name).orElseThrow();
        List<String> keys = keys(iface);
        // With another transport iscsiadm looks for its driver first; and it has a refusal of its own for the name.
        keys.removeAll(List.of("iface.transport_name", "iface.iscsi_ifacename"));
        // An address of IPv6 makes the real one write keys of IPv6 that it cannot read again, see RecordFilesTest.
        keys.remove("iface.ipaddress");
        Path file = etc.resolve("ifaces/" + name);
        compare(realUpdates("-m iface -I " + name, file, keys), file, iface, database()::write);
    }

    @Test
    @Row("M-50")
    void sendTargetsKeys() throws Exception {
        compareDiscovery(DiscoveryType.SENDTARGETS, "st", "10.0.0.9", 3260, "send_targets/10.0.0.9,3260/st_config");
    }

    @Test
    @Row("M-50")
    void isnsKeys() throws Exception {
        compareDiscovery(DiscoveryType.ISNS, "isns", "10.0.0.8", 3205, "isns/10.0.0.8,3205/isns_config");
    }

    private void compareDiscovery(DiscoveryType type, String word, String address, int port, String path)
            throws Exception {
        DiscoveryRecord record = database().discovery(type, address, port).orElseThrow();
        Path file = etc.resolve(path);
        List<Update> real = realUpdates("-m discoverydb -t " + word + " -p " + address, file, keys(record));
        compare(real, file, record, database()::write);
    }
}
