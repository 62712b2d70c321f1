package io.lunbridge.devices;

import io.lunbridge.daemon.ByteSize;
import io.lunbridge.daemon.CacheSettings;
import io.lunbridge.daemon.ChapCredential;
import io.lunbridge.daemon.ChapCredentials;
import io.lunbridge.daemon.ChapSettings;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DigestSettings;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.negotiation.DigestPreference;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.Timeouts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An {@link AttachSpec} as a flat map, and back. */
final class SpecMap {

    /** Of the meaning of the keys; raised when one changes its meaning, not when one is added. */
    static final int VERSION = 1;

    static final Set<String> KEYS = Set.of(
            "version",
            "url",
            "device",
            "offset",
            "length",
            "read-only",
            "cache",
            "readahead",
            "links",
            "replacement-timeout",
            "multipath",
            "trust-target-cache",
            "recheck-interval",
            "noop-interval",
            "noop-timeout",
            "command-timeout",
            "header-digest",
            "data-digest",
            "chap-file",
            "chap-algorithms",
            "chap-user",
            "chap-secret-hex",
            "chap-target-user",
            "chap-target-secret-hex");

    /** Of a session's number and its record; no key of what users write. */
    private static final String SID = "sid";

    private static final String RECORD = "record";

    private final Map<String, ?> map;

    private SpecMap(Map<String, ?> map) {
        this.map = map;
    }

    static Map<String, Object> write(AttachSpec spec) {
        Map<String, Object> map = new LinkedHashMap<>();
        DiskRequest disk = spec.disk();
        map.put("version", VERSION);
        map.put("url", disk.url().toString());
        putKnown(map, "device", spec.device());
        map.put("offset", disk.offsetBytes());
        putKnown(map, "length", disk.lengthBytes());
        map.put("read-only", disk.readOnly());
        if (!disk.cache().equals(CacheSettings.NONE)) {
            map.put("cache", disk.cache().sizeBytes());
            map.put("readahead", disk.cache().readAheadBytes());
        }
        map.put("links", spec.links());
        write(map, spec.session());
        write(map, spec.session().chap());
        write(map, spec.node());
        return map;
    }

    private static void write(Map<String, Object> map, @Nullable NodeSettings node) {
        if (node != null) {
            map.put(SID, node.sid());
            map.put(RECORD, node.record());
        }
    }

    /** What two devices have to have in common to share a session with their target. */
    static Map<String, Object> sessionOptions(AttachSpec spec) {
        Map<String, Object> map = new LinkedHashMap<>();
        write(map, spec.session());
        write(map, spec.session().chap());
        write(map, spec.node());
        return map;
    }

    private static void write(Map<String, Object> map, SessionSettings session) {
        RecoveryPolicy recovery = session.recovery();
        map.put("replacement-timeout", recovery.replacementSeconds());
        map.put("multipath", !recovery.holdsInFlight());
        map.put("trust-target-cache", recovery.trustsTargetCache());
        map.put("recheck-interval", recovery.recheckSeconds());
        Timeouts timeouts = session.timeouts();
        map.put("noop-interval", timeouts.pingIntervalSeconds());
        map.put("noop-timeout", timeouts.pingTimeoutSeconds());
        map.put("command-timeout", timeouts.commandSeconds());
        map.put("header-digest", session.digests().header().text());
        map.put("data-digest", session.digests().data().text());
    }

    private static void write(Map<String, Object> map, ChapSettings chap) {
        if (!chap.algorithms().isEmpty()) {
            map.put(
                    "chap-algorithms",
                    chap.algorithms().stream().map(Object::toString).collect(Collectors.joining(",")));
        }
        write(map, "chap-", chap.known().own());
        write(map, "chap-target-", chap.known().target());
    }

    private static void write(Map<String, Object> map, String prefix, @Nullable ChapCredential credential) {
        if (credential != null) {
            map.put(prefix + "user", credential.name());
            map.put(prefix + "secret-hex", credential.secretHex());
        }
    }

    private static void putKnown(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    static AttachSpec read(Map<String, ?> map) throws CommandException {
        SpecMap values = new SpecMap(map);
        try {
            values.checkVersion();
            String url = values.text("url");
            if (url == null) {
                throw new IllegalArgumentException("there is no url");
            }
            String length = values.text("length");
            DiskRequest disk = new DiskRequest(
                    LunUrl.parse(url),
                    values.flag("read-only", false),
                    ByteSize.parse(values.text("offset", "0")),
                    length == null ? null : ByteSize.parse(length),
                    values.cache());
            if (map.get(RECORD) instanceof Map<?, ?> record) {
                return AttachSpec.of(values.node(record), disk.url().lun());
            }
            return AttachSpec.of(disk, values.text("device"), values.session(), values.flag("links", true));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private void checkVersion() {
        int version = number("version", VERSION);
        if (version > VERSION) {
            throw new IllegalArgumentException(
                    "this was written by a newer Lunbridge (version " + version + "); use that one, or attach again");
        }
    }

    private NodeSettings node(Map<?, ?> record) {
        Map<String, String> values = new LinkedHashMap<>();
        record.forEach((key, value) -> values.put(String.valueOf(key), String.valueOf(value)));
        return new NodeSettings(number(SID, 0), values);
    }

    private SessionSettings session() {
        RecoveryPolicy policy = RecoveryPolicy.DEFAULT;
        RecoveryPolicy recovery = policy.withReplacementSeconds(
                        number("replacement-timeout", policy.replacementSeconds()))
                .withHoldsInFlight(!flag("multipath", !policy.holdsInFlight()))
                .withTrustsTargetCache(flag("trust-target-cache", policy.trustsTargetCache()))
                .withRecheckSeconds(atLeast(0, "recheck-interval", policy.recheckSeconds()));
        DigestPreference header = DigestPreference.parse(text("header-digest", "None,CRC32C"));
        DigestPreference data = DigestPreference.parse(text("data-digest", "None,CRC32C"));
        return new SessionSettings(recovery, timeouts(), new DigestSettings(header, data), chap(), true);
    }

    private CacheSettings cache() {
        CacheSettings cache =
                CacheSettings.of(ByteSize.parse(text("cache", "0")), ByteSize.parse(text("readahead", "0")));
        if (!cache.equals(CacheSettings.NONE) && flag("multipath", !RecoveryPolicy.DEFAULT.holdsInFlight())) {
            throw new IllegalArgumentException(
                    "cache cannot stand beside multipath: what goes another path would not be seen");
        }
        return cache;
    }

    private Timeouts timeouts() {
        Timeouts timeouts = Timeouts.DEFAULT;
        int interval = atLeast(0, "noop-interval", timeouts.pingIntervalSeconds());
        int timeout = atLeast(0, "noop-timeout", timeouts.pingTimeoutSeconds());
        int command = atLeast(1, "command-timeout", timeouts.commandSeconds());
        return timeouts.withPings(timeout > 0 ? interval : 0, timeout)
                .withLadder(Timeouts.Ladder.DEFAULT.withCommandSeconds(command));
    }

    private ChapSettings chap() {
        String file = text("chap-file");
        String list = text("chap-algorithms", "");
        List<ChapAlgorithm> algorithms = Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(ChapAlgorithm::named)
                .toList();
        ChapCredentials known = new ChapCredentials(credential("chap-"), credential("chap-target-"));
        return new ChapSettings(file == null ? null : Path.of(file), algorithms, Map.of(), known);
    }

    private @Nullable ChapCredential credential(String prefix) {
        String user = text(prefix + "user");
        String secret = text(prefix + "secret-hex");
        if ((user == null) != (secret == null)) {
            throw new IllegalArgumentException(
                    "of " + prefix + "user and " + prefix + "secret-hex only one is set; set both, or none");
        }
        return user == null || secret == null ? null : ChapCredential.ofHex(user, secret);
    }

    private @Nullable String text(String key) {
        Object value = map.get(key);
        return value == null ? null : value.toString().strip();
    }

    private String text(String key, String otherwise) {
        String text = text(key);
        return text == null ? otherwise : text;
    }

    private int number(String key, int otherwise) {
        String text = text(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no whole number, as " + key + " must be", e);
        }
    }

    private int atLeast(int least, String key, int otherwise) {
        int number = number(key, otherwise);
        if (number < least) {
            throw new IllegalArgumentException(key + " must be " + least + " or more");
        }
        return number;
    }

    private boolean flag(String key, boolean otherwise) {
        String text = text(key, otherwise ? "yes" : "no");
        return switch (text) {
            case "yes", "true", "on", "1" -> true;
            case "no", "false", "off", "0" -> false;
            default ->
                throw new IllegalArgumentException("'" + text + "' is neither yes nor no, as " + key + " must be");
        };
    }
}
