package io.lunbridge.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.devices.AttachSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of configured devices: what they mean, and what is said of their mistakes. */
final class DeviceConfigurationTest {

    private static final String URL = "url = iscsi://192.0.2.1/iqn.2026-01.org.example:disk/1\n";

    @TempDir
    private Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("disk.conf");
    }

    private DeviceConfiguration read(String text) throws Exception {
        Files.writeString(file, text);
        return DeviceConfiguration.read(directory, "disk");
    }

    private static AttachSpec spec(DeviceConfiguration device) {
        assertThat(device.mistakes()).isEmpty();
        return Objects.requireNonNull(device.spec());
    }

    @Test
    void everySettingIsHeeded() throws Exception {
        DeviceConfiguration device = read("# the archive\n\n" + URL + """
                startup=automatic
                device = /dev/nbd7
                  offset = 1M
                length = 8M
                read-only = yes
                links = no
                replacement-timeout = 86400
                multipath = yes
                trust-target-cache = yes
                noop-interval = 7
                noop-timeout = 8
                command-timeout = 90
                header-digest = CRC32C
                data-digest = CRC32C,None
                chap-algorithms = SHA-256,MD5
                """);
        assertThat(device.automatic()).isTrue();
        Map<String, Object> expected = Map.ofEntries(
                Map.entry("url", "iscsi://192.0.2.1:3260/iqn.2026-01.org.example:disk/1"),
                Map.entry("device", "/dev/nbd7"),
                Map.entry("offset", 1L << 20),
                Map.entry("length", 8L << 20),
                Map.entry("read-only", true),
                Map.entry("links", false),
                Map.entry("replacement-timeout", 86400),
                Map.entry("multipath", true),
                Map.entry("trust-target-cache", true),
                Map.entry("noop-interval", 7),
                Map.entry("noop-timeout", 8),
                Map.entry("command-timeout", 90),
                Map.entry("header-digest", "CRC32C"),
                Map.entry("data-digest", "CRC32C,None"));
        assertThat(spec(device).toMap()).containsAllEntriesOf(expected);
        assertThat(spec(device).session().chap().algorithms()).hasSize(2);
    }

    @Test
    void withoutASettingItIsAsWithoutTheOption() throws Exception {
        DeviceConfiguration device = read(URL);
        assertThat(device.automatic()).isFalse();
        assertThat(spec(device))
                .isEqualTo(AttachSpec.fromMap(Map.of("url", URL.substring(6).strip())));
        assertThat(read(URL + "startup = manual").automatic()).isFalse();
    }

    @Test
    void aLinePerMistake() throws Exception {
        DeviceConfiguration device = read("""
                url = iscsi://192.0.2.1/disk/1
                startup = automatic
                ofset = 1
                offset
                offset =
                length = x
                length = 8M
                noop-interval = -1
                chap-secret-hex = 00
                """);
        assertThat(device.automatic()).isFalse();
        assertThat(device.spec()).isNull();
        assertThat(device.mistakes())
                .satisfiesExactly(
                        mistake -> assertThat(mistake)
                                .startsWith(file + ":3: there is no 'ofset'; the keys are cache, chap-algo"),
                        mistake -> assertThat(mistake).startsWith(file + ":4: a line is"),
                        mistake -> assertThat(mistake).startsWith(file + ":5: a line is"),
                        mistake -> assertThat(mistake).startsWith(file + ":7: length is there twice"),
                        mistake -> assertThat(mistake).startsWith(file + ":9: there is no 'chap-secret-hex'"));
        assertThat(read("url = iscsi://192.0.2.1/disk/1\nlength = x\nnoop-interval = -1\nchap-file = /no/such")
                        .mistakes())
                .satisfiesExactly(
                        mistake -> assertThat(mistake).startsWith(file + ":1: 'disk' is no iSCSI name"),
                        mistake -> assertThat(mistake).startsWith(file + ":2: 'x' is no size"),
                        mistake -> assertThat(mistake).startsWith(file + ":3: noop-interval must be"),
                        mistake -> assertThat(mistake).startsWith(file + ":4: --chap-file /no/such cannot be read"));
        assertThat(read("startup = manual").mistakes()).containsExactly(file + ": there is no url");
        assertThat(read(URL + "startup = now").mistakes())
                .containsExactly(file + ":2: 'now' is neither automatic nor manual");
        assertThat(read("x".repeat(70_000)).mistakes())
                .singleElement()
                .asString()
                .contains("too large");
    }

    @Test
    void credentialsComeFromAFileBesideIt() throws Exception {
        Path credentials = directory.resolve("chap");
        Files.writeString(credentials, "username = joe\npassword = twelve or more\n");
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        assertThat(spec(read(URL + "chap-file = chap")).toMap()).containsEntry("chap-user", "joe");
    }

    @Test
    void secretInTheUrlIsForThisFilesOwnerOnly() throws Exception {
        String url = "url = iscsi://joe%25secretsecret@192.0.2.1/iqn.2026-01.org.example:disk/1\n";
        Files.writeString(file, url);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(DeviceConfiguration.read(directory, "disk").mistakes())
                .singleElement()
                .asString()
                .startsWith(file + ":1: there is a secret in the url")
                .doesNotContain("secretsecret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(spec(DeviceConfiguration.read(directory, "disk")).toMap()).containsEntry("chap-user", "joe");
    }

    @Test
    void namesAreThoseOfTheFiles() throws Exception {
        Files.writeString(directory.resolve("b.conf"), URL);
        Files.writeString(directory.resolve("a.conf"), URL);
        Files.writeString(directory.resolve("c.conf.bak"), URL);
        Files.writeString(directory.resolve(".hidden.conf"), URL);
        assertThat(DeviceConfiguration.names(directory)).containsExactly("a", "b");
        assertThat(DeviceConfiguration.names(directory.resolve("nothing"))).isEmpty();
        for (String name : new String[] {"x", "../a", "", "a/b"}) {
            assertThatExceptionOfType(CommandException.class)
                    .isThrownBy(() -> DeviceConfiguration.read(directory, name))
                    .withMessageMatching("(there is no .*x.conf; .* a, b)|('.*' is no name .*)");
        }
    }
}
