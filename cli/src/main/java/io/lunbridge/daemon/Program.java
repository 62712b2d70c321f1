package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs other programs to their end, for the demo. Blocking. */
final class Program {

    private Program() {}

    /** Whether there is such a program where root's programs are. */
    static boolean exists(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, name)));
    }

    /**
     * Runs a program and returns what it printed.
     *
     * @param maxMillis how long it may take
     * @throws CommandException with its last line, if it does not end with status 0 in time
     */
    static String run(long maxMillis, String... command) throws CommandException, InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, sbin) -> old + ":" + sbin);
            Path output = Files.createTempFile("lunbridge-", ".out");
            try {
                Process process = builder.redirectOutput(output.toFile()).start();
                process.getOutputStream().close();
                return outcome(command, process, output, maxMillis);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "cannot run " + command[0] + ": " + e.getMessage(), e);
        }
    }

    private static String outcome(String[] command, Process process, Path output, long maxMillis)
            throws IOException, InterruptedException, CommandException {
        try {
            boolean ended = process.waitFor(maxMillis, TimeUnit.MILLISECONDS);
            String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
            if (ended && process.exitValue() == 0) {
                return text;
            }
            List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
            throw new CommandException(
                    ExitCode.FAILURE,
                    "'" + String.join(" ", command) + "' "
                            + (ended ? "ended with status " + process.exitValue() : "did not end")
                            + (lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1)));
        } finally {
            process.destroy();
        }
    }
}
