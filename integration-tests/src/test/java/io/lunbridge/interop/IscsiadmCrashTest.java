package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordFailure;
import io.lunbridge.records.RecordPaths;
import io.lunbridge.records.Row;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight users call iscsiadm at the same time: each for a key of its own of one and the same record, for records that come and
 * go, and for sessions with three targets; some of the calls are killed with SIGKILL. What was answered with 0 holds, whatever
 * the others did, and there is never a second session with a target. A minute with {@code LUNBRIDGE_LONG}.
 */
@Tag("once")
@NeedsTools({"tgtd", "tgtadm"})
class IscsiadmCrashTest {

    private static final int SECONDS = System.getenv("LUNBRIDGE_LONG") == null ? 12 : 60;
    private static final long SEED = Long.getLong("lunbridge.seed", System.nanoTime());
    private static final int KILLED = -1;
    private static final List<String> TARGETS = List.of(TgtTarget.IQN, TgtTarget.IQN + "2", TgtTarget.IQN + "3");

    /** Of the first target's record. They make a session no other. */
    private static final List<String> KEYS = List.of(
            "node.session.initial_cmdsn",
            "node.session.reopen_max",
            "node.session.timeo.replacement_timeout",
            "node.session.err_timeo.abort_timeout",
            "node.session.err_timeo.lu_reset_timeout",
            "node.session.err_timeo.tgt_reset_timeout",
            "node.conn[0].timeo.login_timeout",
            "node.conn[0].timeo.logout_timeout");

    /** What a call may say on standard error where another one was quicker. */
    private static final Pattern EXPECTED = Pattern.compile("iscsiadm: (No records found"
            + "|No active sessions\\."
            + "|No matching sessions found"
            + "|No session found\\."
            + "|default: 1 session requested, but 1 already present\\."
            + "|Could not login to .*|Could not log into all portals"
            + "|Could not logout of .*|Could not rescan session sid \\d+\\."
            + "|initiator reported error \\((15 - session exists|2 - session not found)\\))");

    @TempDir
    private Path root;

    private final TgtTarget target = TgtTarget.start();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();
    private final Map<String, AtomicInteger> outcomes = new TreeMap<>();

    @AfterEach
    void end() {
        target.close();
    }

    /** Its exit code; {@link #KILLED} if it was killed. */
    private int call(Random random, boolean mayBeKilled, String... arguments) throws Exception {
        int number = calls.incrementAndGet();
        File err = root.resolve("err." + number).toFile();
        List<String> command = new ArrayList<>(IscsiadmCallsTest.command());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err);
        builder.environment().putAll(Lunbridge.environment());
        builder.environment().put("LUNBRIDGE_ROOT", root.toString());
        Process process = builder.start();
        try {
            boolean kill = mayBeKilled && random.nextInt(3) == 0;
            if (kill && !process.waitFor(50 + random.nextInt(1500), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                killed.incrementAndGet();
                return KILLED;
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(String.join(" ", arguments))
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private int call(String... arguments) throws Exception {
        return call(new Random(SEED), false, arguments);
    }

    private void check(Random random, Set<Integer> expected, String... arguments) throws Exception {
        int code = call(random, true, arguments);
        assertThat(code == KILLED || expected.contains(code))
                .as("seed %d: iscsiadm %s ended with %d", SEED, String.join(" ", arguments), code)
                .isTrue();
        count(arguments, code);
    }

    private synchronized void count(String[] arguments, int code) {
        String last = arguments[arguments.length - 1];
        if (last.startsWith("-") || code != 0) {
            outcomes.computeIfAbsent(last + " " + code, name -> new AtomicInteger())
                    .incrementAndGet();
        }
    }

    /** What the key may be at the end: what was last answered with 0, or what was asked for since. */
    private List<String> user(int number) throws Exception {
        Random random = new Random(SEED + number);
        List<String> possible = new ArrayList<>(List.of(record().value(KEYS.get(number))));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        for (int value = 1000; System.nanoTime() < end; value++) {
            possible.add(Integer.toString(value));
            String key = KEYS.get(number);
            int status =
                    call(random, true, "-m", "node", "-T", TARGETS.get(0), "-o", "update", "-n", key, "-v", "" + value);
            assertThat(status).isIn(0, KILLED);
            if (status == 0) {
                possible.subList(0, possible.size() - 1).clear();
            }
            session(random);
            if (random.nextBoolean()) {
                session(random);
            } else {
                record(random);
            }
        }
        return possible;
    }

    private NodeRecord record() throws RecordFailure {
        NodeFilter first = new NodeFilter(TARGETS.get(0), null, -1, -1, null);
        return RecordDatabase.open(RecordPaths.below(root), warning -> {})
                .nodes(first)
                .get(0);
    }

    private void session(Random random) throws Exception {
        String name = TARGETS.get(random.nextInt(TARGETS.size()));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> check(random, Set.of(0, 15), "-m", "node", "-T", name, "-l");
            case 3, 4, 5 -> check(random, Set.of(0, 2, 21), "-m", "node", "-T", name, "-u");
            case 6 -> check(random, Set.of(0, 2, 21), "-m", "session", "-R");
            default -> check(random, Set.of(0, 21), "-m", "session");
        }
    }

    private void record(Random random) throws Exception {
        String portal = "10.0.1." + random.nextInt(3) + ":3260,1";
        switch (random.nextInt(4)) {
            case 0 -> check(random, Set.of(0), "-m", "node", "-o", "new", "-T", "iqn.x:o", "-p", portal);
            case 1 -> check(random, Set.of(0, 21), "-m", "node", "-o", "delete", "-T", "iqn.x:o", "-p", portal);
            case 2 -> check(random, Set.of(0), "-m", "discoverydb", "-t", "st", "-p", "10.0.0.9", "-o", "new");
            default -> check(random, Set.of(0), "-m", "node");
        }
    }

    @Test
    @Row({"CR-35", "U-1", "U-2", "U-9", "M-35", "M-37", "M-38", "M-117"})
    void whatWasAnsweredHoldsAndThereIsNoSecondSession() throws Exception {
        List<String> warnings = new ArrayList<>();
        RecordDatabase database = RecordDatabase.open(RecordPaths.below(root), warnings::add);
        addTargets();
        try (SessionDaemon daemon = new SessionDaemon(root)) {
            List<List<String>> possible = users(daemon);
            System.out.printf(
                    "IscsiadmCrashTest: seed %d, %d calls, %d killed, %s%n", SEED, calls.get(), killed.get(), outcomes);
            assertThat(killed.get()).isPositive();
            NodeRecord record = record();
            for (int i = 0; i < KEYS.size(); i++) {
                assertThat(record.value(KEYS.get(i))).as("seed %d", SEED).isIn(possible.get(i));
            }
            assertThat(database.locked(() -> database.nodes(NodeFilter.ALL)))
                    .hasSizeGreaterThanOrEqualTo(TARGETS.size());
            assertThat(warnings).isEmpty();
            assertThat(errors()).allMatch(line -> EXPECTED.matcher(line).matches());
            assertSessionsCanBeEnded(daemon);
        }
    }

    private void addTargets() throws Exception {
        target.addFileLun(1 << 20);
        for (int i = 0; i < TARGETS.size(); i++) {
            String tid = Integer.toString(i + 1);
            if (i > 0) {
                target.admin("--mode", "target", "--op", "new", "--tid", tid, "--targetname", TARGETS.get(i));
                target.admin("--mode", "target", "--op", "bind", "--tid", tid, "--initiator-address", "ALL");
            }
            String portal = "127.0.0.1:" + target.port() + ",1";
            assertThat(call("-m", "node", "-o", "new", "-T", TARGETS.get(i), "-p", portal))
                    .isZero();
        }
    }

    private List<List<String>> users(SessionDaemon daemon) throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(KEYS.size());
        try {
            List<Callable<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < KEYS.size(); i++) {
                int number = i;
                all.add(() -> user(number));
            }
            List<Future<List<String>>> running = new ArrayList<>();
            for (Callable<List<String>> each : all) {
                running.add(users.submit(each));
            }
            while (!running.stream().allMatch(Future::isDone)) {
                assertOneEach(targets(daemon));
                TimeUnit.MILLISECONDS.sleep(50);
            }
            List<List<String>> possible = new ArrayList<>();
            for (Future<List<String>> each : running) {
                possible.add(each.get());
            }
            return possible;
        } finally {
            users.shutdownNow();
        }
    }

    private void assertSessionsCanBeEnded(SessionDaemon daemon) throws Exception {
        Waiting.until(Duration.ofSeconds(30), this::allAreLoggedIn, () -> daemon.output());
        assertThat(targets(daemon)).containsExactlyInAnyOrderElementsOf(TARGETS);
        assertThat(call("-m", "node", "-U", "all")).isZero();
        assertThat(daemon.sessions()).isEmpty();
        assertThat(target.sessionCount()).isZero();
        assertThat(daemon.hasDevice("nbd0")).isFalse();
        assertThat(daemon.output()).doesNotContain("Exception");
    }

    /** One that was killed may have left a request behind, so that a session which is still there (15) is on its way out. */
    private boolean allAreLoggedIn() {
        try {
            for (String name : TARGETS) {
                assertThat(call("-m", "node", "-T", name, "-l")).isIn(0, 15);
            }
            return target.sessionCount() == TARGETS.size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertOneEach(List<String> names) {
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }

    private static List<String> targets(SessionDaemon daemon) throws CommandException, InterruptedException {
        return daemon.sessions().stream()
                .map(session -> String.valueOf(session.get("target")))
                .toList();
    }

    private List<String> errors() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int number = 1; number <= calls.get(); number++) {
            lines.addAll(Files.readAllLines(root.resolve("err." + number)));
        }
        return lines;
    }
}
