package io.lunbridge.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight processes change the same records, and are killed with SIGKILL one after the other: no change is lost, no record
 * is broken, no lock is left. {@code -Dlunbridge.crash.seconds=60} makes it longer.
 */
@Tag("once")
class RecordCrashTest {

    private static final int WORKERS = 8;
    private static final int KILLED = 25;
    private static final int COUNTED = 100;
    private static final int SECONDS = Integer.getInteger("lunbridge.crash.seconds", 5);
    private static final int MOST_SECONDS = SECONDS + 180;
    private static final long SEED = Long.getLong("lunbridge.seed", System.nanoTime());

    @TempDir
    private Path directory;

    private final List<String> warnings = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();
    private final Random random = new Random(SEED);
    private int started;

    @AfterEach
    void killWorkers() {
        workers.forEach(Process::destroyForcibly);
    }

    private Process start() throws IOException {
        int number = started++;
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path", "").replace(' ', File.pathSeparatorChar),
                        RecordWorker.class.getName(),
                        directory.resolve("root").toString(),
                        directory.resolve("journal." + number).toString(),
                        Long.toString(SEED + number),
                        directory.resolve("stop").toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output." + number).toFile())
                .start();
    }

    private List<String> journals(String prefix) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int number = 0; number < started; number++) {
            Path journal = directory.resolve("journal." + number);
            if (Files.exists(journal)) {
                Files.readAllLines(journal).stream()
                        .filter(line -> line.startsWith(prefix))
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    @Test
    @Row({"CR-23", "CR-35", "U-1", "U-2", "M-98"})
    void nothingIsLostAndNothingIsBroken() throws Exception {
        RecordDatabase database = RecordDatabase.open(RecordPaths.below(directory.resolve("root")), warnings::add);
        database.add(database.configuration().node(RecordWorker.TARGET, 1, "10.0.0.1", 3260, IfaceRecord.DEFAULT));
        int[] numbers = new int[WORKERS];
        for (int i = 0; i < WORKERS; i++) {
            numbers[i] = started;
            workers.add(start());
        }
        int killed = 0;
        long start = System.nanoTime();
        while (killed < KILLED || journals("done").size() < COUNTED || seconds(start) < SECONDS) {
            assertThat(seconds(start)).as("not enough is done, seed %d", SEED).isLessThan(MOST_SECONDS);
            int victim = random.nextInt(WORKERS);
            // A wait for an end that does not come paces the killing.
            boolean ended = workers.get(victim).waitFor(100 + random.nextInt(200), TimeUnit.MILLISECONDS);
            assertThat(ended).as("a worker ended by itself, seed %d", SEED).isFalse();
            if (Files.exists(directory.resolve("journal." + numbers[victim]))) {
                workers.get(victim).destroyForcibly().waitFor();
                killed++;
                numbers[victim] = started;
                workers.set(victim, start());
            }
        }
        Files.createFile(directory.resolve("stop"));
        for (Process worker : workers) {
            assertThat(worker.waitFor(40, TimeUnit.SECONDS))
                    .as("no lock is left")
                    .isTrue();
        }
        System.out.printf(
                "RecordCrashTest: seed %d, %d killed, %d counted%n",
                SEED, killed, journals("done").size());
        check(database);
    }

    private static long seconds(long start) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    private void check(RecordDatabase database) throws Exception {
        assertThat(journals("warning")).isEmpty();
        assertThat(journals("failure")).isEmpty();
        int done = journals("done").size();
        assertThat(RecordWorker.shared(database).number(RecordWorker.COUNTER))
                .as("seed %d", SEED)
                .isBetween(done, journals("begin").size());
        database.locked(() -> database.nodes(NodeFilter.ALL));
        database.ifaces();
        database.discoveries(DiscoveryType.SENDTARGETS);
        assertThat(warnings).isEmpty();
        Path etc = directory.resolve("root/etc/iscsi");
        try (Stream<Path> paths = Files.walk(etc)) {
            for (Path path : paths.toList()) {
                String name = path.getFileName().toString();
                assertThat(name.equals(".lunbridge.new") && !etc.equals(path.getParent()))
                        .as(path.toString())
                        .isFalse();
                if (Files.isSymbolicLink(path)) {
                    Path record = path.resolve(name.substring(name.lastIndexOf(',') + 1));
                    assertThat(record).isRegularFile();
                }
            }
        }
    }
}
