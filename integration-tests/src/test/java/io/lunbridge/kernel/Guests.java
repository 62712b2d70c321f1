package io.lunbridge.kernel;

import io.lunbridge.interop.Figures;
import io.lunbridge.interop.Processes.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

/**
 * The guests of one run of the tests, and when they are booted. A guest has one CPU, and most of the other tests use one:
 * where all tests are run, one guest after the other is running from the beginning, and two at a time when the CPUs have
 * been idle for long, or a class asks for the first of them, which all such classes do last ({@link GuestsLast}).
 */
final class Guests {

    /** As {@code scripts/test} has it, which runs every class. */
    private static final boolean ALL_ARE_RUN = "required".equals(System.getenv("LUNBRIDGE_TOOLS"));

    private static final int MOST = 2;
    private static final Duration IDLE_FOR = Duration.ofSeconds(30);
    private static final double IDLE_SHARE = 0.25;
    private static final Map<GuestProgram, Future<Outcome>> RUNS = new EnumMap<>(GuestProgram.class);
    private static final ThreadPoolExecutor LANES = (ThreadPoolExecutor) Executors.newFixedThreadPool(1, lane -> {
        Thread thread = new Thread(lane, "guests");
        thread.setDaemon(true);
        return thread;
    });

    private static boolean expected;

    private Guests() {}

    /** There are classes that will wait for guests; without them nobody would see the end of what {@link #begin} starts. */
    static synchronized void expect() {
        expected = true;
    }

    /** Has all guests run, where all are wanted. */
    static synchronized void begin() {
        if (ALL_ARE_RUN && expected) {
            Stream.of(GuestProgram.values()).filter(GuestProgram::isWanted).forEach(Guests::add);
            expected = false;
            Thread watch = new Thread(Guests::addWhereIdle, "idle CPUs");
            watch.setDaemon(true);
            watch.start();
        }
    }

    /** How a guest ended; boots it where that is still to be done. */
    static Outcome outcome(GuestProgram program) throws InterruptedException {
        Future<Outcome> run;
        synchronized (Guests.class) {
            begin();
            add(program);
            allowMost();
            run = Objects.requireNonNull(RUNS.get(program));
        }
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** One more beside the tests, once the CPUs have had little to do. */
    private static void addWhereIdle() {
        try {
            CpuTime before = CpuTime.now();
            while (true) {
                Thread.sleep(IDLE_FOR.toMillis());
                CpuTime now = CpuTime.now();
                if (now.idleShareSince(before) > IDLE_SHARE) {
                    allowMost();
                    return;
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized void allowMost() {
        LANES.setMaximumPoolSize(MOST);
        LANES.setCorePoolSize(MOST);
    }

    /** What all CPUs have had, in ticks since the host's start. */
    private record CpuTime(long idle, long all) {

        private static final int IDLE = 4;
        private static final int IO_WAIT = 5;
        private static final int GUEST = 9;

        static CpuTime now() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
                String[] words = lines.findFirst().orElseThrow().split(" +", -1);
                // What guests of KVM have is in the users' share already.
                long all = Stream.of(words)
                        .limit(GUEST)
                        .skip(1)
                        .mapToLong(Long::parseLong)
                        .sum();
                return new CpuTime(Long.parseLong(words[IDLE]) + Long.parseLong(words[IO_WAIT]), all);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        double idleShareSince(CpuTime before) {
            return (double) (idle - before.idle) / (all - before.all);
        }
    }

    private static void add(GuestProgram program) {
        if (!RUNS.containsKey(program)) {
            RUNS.put(program, LANES.submit(() -> timed(program)));
        }
    }

    private static Outcome timed(GuestProgram program) {
        long start = System.nanoTime();
        Outcome outcome = program.run();
        Figures.add("guest " + program + ": "
                + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
        return outcome;
    }
}
