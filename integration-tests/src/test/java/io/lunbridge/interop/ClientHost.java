package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A host with our daemon, tgt, and iscsiadm as other programs call it: each call a process of its own. */
final class ClientHost implements AutoCloseable {

    /** A second target, of joe's alone. */
    static final String CHAP_TARGET = TgtTarget.IQN + "-chap";

    static final String SECRET = "hushhushhush1";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CONFIGURATION = """
            discovery.sendtargets.timeo.login_timeout = 4
            discovery.sendtargets.timeo.auth_timeout = 4
            discovery.sendtargets.timeo.active_timeout = 4
            discovery.sendtargets.reopen_max = 0
            node.session.initial_login_retry_max = 0
            """;

    private final Path root;
    private final AtomicInteger calls = new AtomicInteger();
    private final TgtTarget target;
    private final SessionDaemon daemon;

    /**
     * How a call ended.
     *
     * @param millis from the start of the process to its end
     */
    record Answer(int code, String out, String err, long millis) {

        List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Below this directory. The first target has one LUN. */
    ClientHost(Path root) throws IOException {
        this.root = root;
        Path etc = Files.createDirectories(root.resolve("etc/iscsi"));
        Files.writeString(etc.resolve("initiatorname.iscsi"), "InitiatorName=iqn.2026-11.io.lunbridge:client\n");
        Files.writeString(etc.resolve("iscsid.conf"), CONFIGURATION);
        target = TgtTarget.start();
        target.addFileLun(1 << 20);
        target.admin("--mode", "target", "--op", "new", "--tid", "2", "--targetname", CHAP_TARGET);
        target.admin("--mode", "target", "--op", "bind", "--tid", "2", "--initiator-address", "ALL");
        target.admin("--mode", "account", "--op", "new", "--user", "joe", "--password", SECRET);
        target.admin("--mode", "account", "--op", "bind", "--tid", "2", "--user", "joe");
        daemon = new SessionDaemon(root);
    }

    TgtTarget target() {
        return target;
    }

    SessionDaemon daemon() {
        return daemon;
    }

    /** Of the targets, as {@code -p} takes it. */
    String portal() {
        return "127.0.0.1:" + target.port();
    }

    /** As iscsiadm prints it. */
    String portalWithTpgt() {
        return portal() + ",1";
    }

    Path etc() {
        return root.resolve("etc/iscsi");
    }

    RecordDatabase database() {
        return RecordDatabase.open(RecordPaths.below(root), warning -> {});
    }

    /** Calls iscsiadm with these words, which may have blanks between them, and with the portal for {@code PORTAL}. */
    Answer call(String words) {
        int number = calls.incrementAndGet();
        Path out = root.resolve("out." + number);
        Path err = root.resolve("err." + number);
        List<String> command = new ArrayList<>(IscsiadmCallsTest.command());
        for (String word : words.split(" ", -1)) {
            command.add(word.replace("PORTAL", portal()).replace("TARGET", TgtTarget.IQN));
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Lunbridge.environment());
        builder.environment().put("LUNBRIDGE_ROOT", root.toString());
        try {
            long start = System.nanoTime();
            Process process = builder.start();
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            process.destroyForcibly();
            assertThat(ended).as(words).isTrue();
            return new Answer(process.exitValue(), Files.readString(out), Files.readString(err), millis);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The same, and it succeeds and has nothing on standard error (CR-1). */
    Answer succeeds(String words) {
        Answer answer = call(words);
        assertThat(answer.err()).as(words).isEmpty();
        assertThat(answer.code()).as(words).isZero();
        return answer;
    }

    /** The same, and it fails with this code and says why in iscsiadm's name (CR-1, CR-2). */
    Answer fails(int code, String words) {
        Answer answer = call(words);
        assertThat(answer.code()).as(words + "\n" + answer.err()).isEqualTo(code);
        assertThat(answer.err().lines()).as(words).isNotEmpty().allMatch(line -> line.startsWith("iscsiadm: "));
        return answer;
    }

    /** No sessions and no records. */
    void reset() throws Exception {
        for (Map<String, Object> session : daemon.sessions()) {
            daemon.ask("logout", Map.of("sid", session.get("sid")));
        }
        for (String part : List.of("nodes", "send_targets", "static", "ifaces")) {
            delete(etc().resolve(part));
        }
    }

    static void delete(Path top) throws IOException {
        if (Files.exists(top)) {
            try (Stream<Path> paths = Files.walk(top)) {
                paths.sorted(Comparator.reverseOrder()).forEach(Processes::delete);
            }
        }
    }

    @Override
    public void close() {
        daemon.close();
        target.close();
    }
}
