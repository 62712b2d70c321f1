package io.lunbridge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, within a time limit, and keeps what it printed. */
public final class Processes {

    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);

    private Processes() {}

    /**
     * How a program ended.
     *
     * @param exitStatus 0..255
     * @param output standard output and standard error, interleaved
     */
    public record Outcome(List<String> command, int exitStatus, String output) {

        /** This outcome, if the program ended with status 0; else an assertion error that shows what it printed. */
        public Outcome orFail() {
            if (exitStatus != 0) {
                throw new AssertionError(this);
            }
            return this;
        }

        @Override
        public String toString() {
            return String.join(" ", command) + "\nended with status " + exitStatus + ", printed:\n" + output;
        }
    }

    /** Runs the command within a minute and requires status 0. */
    public static Outcome run(String... command) {
        return outcome(DEFAULT_LIMIT, command).orFail();
    }

    /** Runs the command; killed, with an assertion error, if it is still running after {@code limit}. */
    public static Outcome outcome(Duration limit, String... command) {
        return outcome(limit, Map.of(), List.of(command));
    }

    /** As {@link #outcome(Duration, String...)}, with further environment variables. */
    public static Outcome outcome(Duration limit, Map<String, String> environment, List<String> command) {
        Path output = temporaryFile();
        try {
            Process process = start(command, environment, output);
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            Outcome outcome = new Outcome(command, process.exitValue(), text(output));
            if (!ended) {
                throw new AssertionError("still running after " + limit + ": " + outcome);
            }
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + command, e);
        } finally {
            delete(output);
        }
    }

    /** The same command heeding SIGINT, which a test run in the background of a shell has inherited as ignored. */
    static List<String> interruptible(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("env", "--default-signal=INT"));
        whole.addAll(command);
        return whole;
    }

    static Process start(List<String> command, Map<String, String> environment, Path output) {
        ProcessBuilder builder = new ProcessBuilder(interruptible(command))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path temporaryFile() {
        try {
            return Files.createTempFile("lunbridge-", ".out");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
