package io.lunbridge.devices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lunbridge.daemon.CacheSettings;
import io.lunbridge.daemon.ChapCredential;
import io.lunbridge.daemon.ChapSettings;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.SessionSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request goes through a socket and a file and stays what it is. */
final class AttachSpecTest {

    private static final String URL = "iscsi://192.0.2.1:3260/iqn.2026-01.t:a%25b/7";

    @TempDir
    private Path directory;

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        AttachSpec spec = AttachSpec.fromMap(Map.of("url", URL));

        assertThat(spec.disk()).isEqualTo(DiskRequest.whole(LunUrl.parse(URL), false));
        assertThat(spec.device()).isNull();
        assertThat(spec.links()).isTrue();
        assertThat(spec.session().recovery()).isEqualTo(SessionSettings.BRIEF.recovery());
        assertThat(spec.session().timeouts()).isEqualTo(SessionSettings.BRIEF.timeouts());
        assertThat(spec.session().digests()).isEqualTo(SessionSettings.BRIEF.digests());
        assertThat(spec.session().keepsIsid()).isTrue();
    }

    @Test
    void everyKeySurvivesTheWay() throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of(
                "version",
                1,
                "url",
                URL,
                "device",
                "/dev/nbd3",
                "offset",
                4096L,
                "length",
                1L << 41,
                "read-only",
                true,
                "links",
                false));
        all.putAll(Map.of(
                "replacement-timeout",
                -1,
                "multipath",
                true,
                "trust-target-cache",
                true,
                "noop-interval",
                7,
                "noop-timeout",
                8,
                "command-timeout",
                9,
                "header-digest",
                "CRC32C",
                "data-digest",
                "CRC32C,None"));
        all.putAll(Map.of(
                "recheck-interval", 6,
                "chap-algorithms", "SHA-256,MD5",
                "chap-user", "joe",
                "chap-secret-hex", "00ff112233445566778899aa",
                "chap-target-user", "disk",
                "chap-target-secret-hex", "80112233445566778899aabb"));

        assertThat(AttachSpec.fromMap(all).toMap()).containsExactlyInAnyOrderEntriesOf(all);
        assertThat(AttachSpec.KEYS).containsAll(all.keySet());

        Map<String, String> texts = new HashMap<>();
        all.forEach((key, value) -> texts.put(key, String.valueOf(value)));
        texts.put("unheard of", "x");
        assertThat(AttachSpec.fromMap(texts).toMap()).containsExactlyInAnyOrderEntriesOf(all);
    }

    @Test
    void aCacheIsPartOfIt() throws Exception {
        Map<String, String> texts = Map.of("url", URL, "cache", "64M", "readahead", "1M");
        AttachSpec spec = AttachSpec.fromMap(texts);
        assertThat(spec.disk().cache()).isEqualTo(new CacheSettings(64 << 20, 1 << 20));
        assertThat(AttachSpec.fromMap(spec.toMap())).isEqualTo(spec);
        NodeSettings node = new NodeSettings(
                1, Map.of("node.name", "iqn.a:b", "node.conn[0].address", "h", NodeSettings.CACHE, "8M,256K"));
        assertThat(AttachSpec.of(node, 1).disk().cache()).isEqualTo(new CacheSettings(8 << 20, 256 << 10));
    }

    @Test
    void credentialsAreLookedUpOnce() throws Exception {
        Path file = Files.createTempFile(
                directory,
                "chap",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "username = joe\npassword = hushhushhush\n");
        LunUrl withUser = LunUrl.parse(URL.replace("//", "//joe@"));
        SessionSettings session = SessionSettings.BRIEF.withChap(
                new ChapSettings(file, List.of(), Map.of("LIBISCSI_CHAP_USERNAME", "x")));

        AttachSpec spec = AttachSpec.of(DiskRequest.whole(withUser, false), "nbd1", session, true);
        Files.delete(file);

        ChapCredential own = Objects.requireNonNull(
                AttachSpec.fromMap(spec.toMap()).session().chap().known().own());
        assertThat(own.name()).isEqualTo("joe");
        assertThat(own.secretHex()).isEqualTo("6875736868757368" + "68757368");
        assertThat(spec.toMap()).containsEntry("url", URL).containsEntry("device", "/dev/nbd1");
        assertThat(spec).asString().doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url | http://x | begins with iscsi://",
                "device | /dev/sda | not an nbd device",
                "offset | x | no size",
                "cache | 4K | makes no sense",
                "readahead | 1M | must be a cache",
                "read-only | maybe | neither yes nor no",
                "replacement-timeout | long | no whole number",
                "noop-interval | -1 | 0 or more",
                "command-timeout | 0 | 1 or more",
                "data-digest | CRC | choice of digests",
                "chap-algorithms | ROT13 | no CHAP algorithm",
                "chap-user | joe | only one is set",
                "version | 2 | newer Lunbridge"
            })
    void whatIsImpossibleIsTold(String key, String value, String reason) {
        Map<String, String> map = new HashMap<>(Map.of("url", URL));
        map.put(key, value);

        CommandException failure = catchThrowableOfType(CommandException.class, () -> AttachSpec.fromMap(map));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(failure.sentence()).contains(reason);
    }

    @Test
    void withoutUrlThereIsNothingToAttach() {
        assertThat(catchThrowableOfType(CommandException.class, () -> AttachSpec.fromMap(Map.of())))
                .hasMessageContaining("url");
    }
}
