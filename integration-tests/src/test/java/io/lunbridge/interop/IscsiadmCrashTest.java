package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import io.lunbridge.records.Row;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight users call iscsiadm at the same time, each for a key of its own of one and the same record, and for records that come
 * and go; some of the calls are killed with SIGKILL. What was answered with 0 holds, whatever the others did.
 * {@code -Dlunbridge.crash.seconds=60} makes it longer.
 */
@Tag("once")
class IscsiadmCrashTest {

    private static final int SECONDS = Integer.getInteger("lunbridge.crash.seconds", 12);
    private static final long SEED = Long.getLong("lunbridge.seed", System.nanoTime());
    private static final String TARGET = "iqn.2001-01.a:shared";
    private static final List<String> KEYS = List.of(
            "node.session.initial_cmdsn",
            "node.session.queue_depth",
            "node.session.cmds_max",
            "node.session.nr_sessions",
            "node.session.reopen_max",
            "node.session.timeo.replacement_timeout",
            "node.conn[0].timeo.login_timeout",
            "node.conn[0].timeo.logout_timeout");

    @TempDir
    private Path root;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();

    /** Its exit code; -1 if it was killed. */
    private int call(Random random, String... arguments) throws Exception {
        int number = calls.incrementAndGet();
        File err = root.resolve("err." + number).toFile();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx48m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.lunbridge.iscsiadm.Iscsiadm"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err);
        builder.environment().put("LUNBRIDGE_ROOT", root.toString());
        Process process = builder.start();
        try {
            boolean kill = random.nextInt(3) == 0;
            if (kill && !process.waitFor(200 + random.nextInt(2500), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                killed.incrementAndGet();
                return -1;
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(String.join(" ", arguments))
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** What the key may be at the end: what was last answered with 0, or what was asked for since. */
    private List<String> user(int number) throws Exception {
        Random random = new Random(SEED + number);
        String key = KEYS.get(number);
        List<String> possible = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        for (int value = 1000; System.nanoTime() < end; value++) {
            possible.add(Integer.toString(value));
            int status = call(random, "-m", "node", "-T", TARGET, "-o", "update", "-n", key, "-v", "" + value);
            assertThat(status).isIn(0, -1);
            if (status == 0) {
                possible.subList(0, possible.size() - 1).clear();
            }
            String portal = "10.0.1." + random.nextInt(3) + ":3260,1";
            switch (random.nextInt(4)) {
                case 0 ->
                    assertThat(call(random, "-m", "node", "-o", "new", "-T", "iqn.x:o", "-p", portal))
                            .isIn(0, -1);
                case 1 ->
                    assertThat(call(random, "-m", "node", "-o", "delete", "-T", "iqn.x:o", "-p", portal))
                            .isIn(0, 21, -1);
                case 2 ->
                    assertThat(call(random, "-m", "discoverydb", "-t", "st", "-p", "10.0.0.9", "-o", "new"))
                            .isIn(0, -1);
                default -> assertThat(call(random, "-m", "node")).isIn(0, -1);
            }
        }
        return possible;
    }

    @Test
    @Row({"CR-35", "U-1", "U-2", "U-9", "M-35"})
    void whatWasAnsweredHolds() throws Exception {
        List<String> warnings = new ArrayList<>();
        RecordDatabase database = RecordDatabase.open(RecordPaths.below(root), warnings::add);
        assertThat(call(new Random(3), "-m", "node", "-o", "new", "-T", TARGET, "-p", "10.0.0.1:3260,1"))
                .isZero();
        ExecutorService users = Executors.newFixedThreadPool(KEYS.size());
        try {
            List<Callable<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < KEYS.size(); i++) {
                int number = i;
                all.add(() -> user(number));
            }
            List<Future<List<String>>> possible = users.invokeAll(all);
            NodeRecord record =
                    database.nodes(new NodeFilter(TARGET, null, -1, -1, null)).get(0);
            for (int i = 0; i < KEYS.size(); i++) {
                assertThat(record.value(KEYS.get(i)))
                        .as("seed %d", SEED)
                        .isIn(possible.get(i).get());
            }
        } finally {
            users.shutdownNow();
        }
        System.out.printf("IscsiadmCrashTest: seed %d, %d calls, %d killed%n", SEED, calls.get(), killed.get());
        assertThat(killed.get()).isPositive();
        database.locked(() -> database.nodes(NodeFilter.ALL));
        assertThat(warnings).isEmpty();
        assertThat(errors()).allMatch(line -> line.equals("iscsiadm: No records found"));
    }

    private List<String> errors() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int number = 1; number <= calls.get(); number++) {
            lines.addAll(Files.readAllLines(root.resolve("err." + number)));
        }
        return lines;
    }
}
