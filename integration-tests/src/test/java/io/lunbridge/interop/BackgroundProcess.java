package io.lunbridge.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program that a test starts and keeps running. {@link #close()} ends exactly this process and its children. */
public final class BackgroundProcess implements AutoCloseable {

    private final List<String> command;
    private final Path outputFile;
    private final Process process;

    private BackgroundProcess(List<String> command, Path outputFile, Process process) {
        this.command = command;
        this.outputFile = outputFile;
        this.process = process;
    }

    public static BackgroundProcess start(String... command) {
        return start(Map.of(), List.of(command));
    }

    public static BackgroundProcess start(Map<String, String> environment, List<String> command) {
        Path output = Processes.temporaryFile();
        return new BackgroundProcess(command, output, Processes.start(command, environment, output));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far, both streams. */
    public String output() {
        return Processes.text(outputFile);
    }

    /** Waits until a line of its output contains {@code text} and returns that line. */
    public String awaitLine(String text, Duration limit) {
        Waiting.until(
                limit, () -> lineWith(text) != null || !process.isAlive(), () -> describe("no line with " + text));
        String line = lineWith(text);
        if (line == null) {
            throw new AssertionError(describe("ended without a line with " + text));
        }
        return line;
    }

    private @Nullable String lineWith(String text) {
        return output().lines().filter(line -> line.contains(text)).findFirst().orElse(null);
    }

    /** Sends a signal by its name, as {@code TERM}, {@code STOP} or {@code CONT}. */
    public void signal(String name) {
        Processes.run("kill", "-" + name, Long.toString(pid()));
    }

    /** Waits for its end and returns the exit status; an assertion error with its output after {@code limit}. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(describe("still running after " + limit));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(describe("interrupted"), e);
        }
    }

    /** Ends it at once, as SIGKILL does, and waits until it is gone. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    private String describe(String what) {
        return what + ": " + String.join(" ", command) + "\nprinted:\n" + output();
    }

    @Override
    public void close() {
        kill();
        Processes.delete(outputFile);
    }
}
