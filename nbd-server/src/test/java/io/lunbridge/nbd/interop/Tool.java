package io.lunbridge.nbd.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a client that somebody else wrote. A tool that is not installed is a failure, not a reason to skip. */
final class Tool {

    private static final long LIMIT_SECONDS = 60;

    private Tool() {}

    /** What one run left behind. */
    record Outcome(int exitCode, String output) {}

    /** Runs to the end and returns what was written to both outputs; fails if the exit code is not 0. */
    static String run(String... command) {
        Outcome outcome = tryRun(command);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + outcome.exitCode() + ":\n" + outcome.output());
        }
        return outcome.output();
    }

    static Outcome tryRun(String... command) {
        try {
            Path output = Files.createTempFile("tool", ".out");
            try {
                return run(List.of(command), output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new AssertionError(command[0] + " does not start; is it installed? " + e.getMessage(), e);
        }
    }

    private static Outcome run(List<String> command, Path output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(command + " does not end; so far: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
    }
}
